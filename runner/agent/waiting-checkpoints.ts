import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StoredCheckpoint {
  step: number;
  sha256: string;
  bytes: number;
}

/**
 * The checkpoints of an attempt that the server does not have yet, oldest first: at most one that is being sent, and the newest
 * one. `checkpoints.json` lists them, so that an agent that was restarted continues.
 */
export class WaitingCheckpoints {
  /** Called after one was added. */
  onAdded: () => void = () => {};
  private readonly file: string;
  private list: StoredCheckpoint[];

  constructor(folder: string) {
    this.file = join(folder, 'checkpoints.json');
    this.list = existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as StoredCheckpoint[]) : [];
  }

  get all(): readonly StoredCheckpoint[] {
    return this.list;
  }

  add(checkpoint: StoredCheckpoint): void {
    this.save([...this.list.filter(({ sha256 }) => sha256 !== checkpoint.sha256), checkpoint]);
    this.onAdded();
  }

  remove(sha256: string): void {
    this.save(this.list.filter((checkpoint) => checkpoint.sha256 !== sha256));
  }

  private save(list: StoredCheckpoint[]): void {
    this.list = list;
    writeFileSync(`${this.file}.part`, JSON.stringify(list));
    renameSync(`${this.file}.part`, this.file);
  }
}
