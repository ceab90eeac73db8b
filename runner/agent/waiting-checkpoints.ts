import { join } from 'node:path';
import { z } from 'zod';
import { writeDurablySync } from '../files/durable-file.js';
import { readJsonFile } from './json-file.js';

const storedCheckpoint = z.object({ step: z.int().min(0), sha256: z.string(), bytes: z.int().min(0) });

export type StoredCheckpoint = z.output<typeof storedCheckpoint>;

/**
 * The checkpoints of an attempt that the server does not have yet, oldest first: at most one that is being sent, and the newest
 * one. `checkpoints.json` lists them, so that an agent that was restarted continues.
 */
export class WaitingCheckpoints {
  /** Called after one was added. */
  onAdded: () => void = () => {};
  private readonly file: string;

  /**
   * @param list what the file lists
   * @param assertHeld see HomeLock; called before the file changes
   */
  constructor(
    folder: string,
    private list: StoredCheckpoint[] = [],
    private readonly assertHeld: () => void = () => {},
  ) {
    this.file = fileIn(folder);
  }

  /** What the file of an agent that was killed lists. @throws DamagedFile */
  static leftBehind(folder: string): StoredCheckpoint[] {
    return readJsonFile(fileIn(folder), z.array(storedCheckpoint)) ?? [];
  }

  get all(): readonly StoredCheckpoint[] {
    return this.list;
  }

  /** Adds one whose bytes are on the disk. */
  add(checkpoint: StoredCheckpoint): void {
    this.save([...this.list.filter(({ sha256 }) => sha256 !== checkpoint.sha256), checkpoint]);
    this.onAdded();
  }

  remove(sha256: string): void {
    this.save(this.list.filter((checkpoint) => checkpoint.sha256 !== sha256));
  }

  /** Forgets those whose bytes cannot be used. The file stays as it is. */
  keepOnly(isUsable: (sha256: string) => boolean): void {
    this.list = this.list.filter(({ sha256 }) => isUsable(sha256));
  }

  private save(list: StoredCheckpoint[]): void {
    this.assertHeld();
    this.list = list;
    writeDurablySync(this.file, JSON.stringify(list));
  }
}

const fileIn = (folder: string): string => join(folder, 'checkpoints.json');
