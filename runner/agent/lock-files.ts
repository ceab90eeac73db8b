import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ProcessIdentity, thisProcess } from './process-identity.js';

const holder = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  startTime: z.string().nullable(),
  bootId: z.string().nullable(),
  pidNamespace: z.string().nullable(),
  /** The inode of the lock's folder. */
  folder: z.string(),
});
const content = z.union([z.object({ released: z.literal(true) }), holder]);

export type Holder = z.output<typeof holder> & ProcessIdentity;

/** What a lock file says. `holder` is null if it cannot be read, for example because it is being written. */
export interface Found {
  isReleased: boolean;
  holder: Holder | null;
  /** Changes whenever the holder refreshes the lock. */
  text: string;
  mtimeMs: number;
}

/**
 * The files of a lock: a folder in which the file with the highest number is the lock. Nobody ever deletes that one, so
 * creating the next number is a compare-and-swap: of all who found the same lock free or stale, one succeeds. It needs
 * only what NFS guarantees too: a file is created exclusively, and opening one shows its newest content.
 */
export class LockFiles {
  /** Identifies this process in the lock. */
  readonly me: Holder;
  private refreshes = 0;

  /** Creates the folder if it is missing. */
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { ino } = statSync(folder, { bigint: true });
    this.me = { id: randomUUID(), host: hostname(), ...thisProcess(), folder: String(ino) };
  }

  /** The number of the newest file; 0 if there is none. */
  newest(): number {
    return Math.max(0, ...this.numbers());
  }

  /**
   * Creates the file that follows `number`. Returns whether that made it the newest one; the older ones are then deleted.
   */
  createAfter(number: number): boolean {
    const mine = number + 1;
    if (!this.create(mine)) return false;
    if (this.newest() !== mine) {
      // Others have moved on in the meantime, and deleted the file that would have been in the way.
      rmSync(this.path(mine), { force: true });
      return false;
    }
    for (const older of this.numbers()) {
      if (older < mine) rmSync(this.path(older), { recursive: true, force: true });
    }
    return true;
  }

  /** Null if there is no such file. */
  read(number: number): Found | null {
    try {
      const { mtimeMs } = statSync(this.path(number));
      return { ...this.parse(this.textOf(number)), mtimeMs };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Shows others that this process is alive. Returns false if the file is no longer its own. */
  refresh(number: number): boolean {
    return this.overwrite(number, this.text());
  }

  release(number: number): void {
    this.overwrite(number, JSON.stringify({ released: true }).padEnd(this.text().length));
  }

  /** The time as the file system counts it. On NFS, that is the clock of its server. */
  now(): number {
    const probe = join(this.folder, `now-${this.me.id}`);
    writeFileSync(probe, '');
    const { mtimeMs } = statSync(probe);
    rmSync(probe, { force: true });
    return mtimeMs;
  }

  /** Returns false if there is such a file. */
  private create(number: number): boolean {
    let file: number;
    try {
      file = openSync(this.path(number), 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    try {
      writeSync(file, this.text());
      return true;
    } catch (error) {
      rmSync(this.path(number), { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Replaces all bytes in one write: every text has the same length. */
  private overwrite(number: number, text: string): boolean {
    if (!this.isMine(number)) return false;
    const file = openSync(this.path(number), 'r+');
    try {
      writeSync(file, text, 0);
    } finally {
      closeSync(file);
    }
    return true;
  }

  /** @throws Error if the file cannot be read: then nobody is known to have taken over */
  private isMine(number: number): boolean {
    try {
      return this.parse(readFileSync(this.path(number), 'utf8')).holder?.id === this.me.id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  private text(): string {
    return JSON.stringify({ ...this.me, refreshes: String(this.refreshes++).padStart(12, '0') });
  }

  private parse(text: string): Omit<Found, 'mtimeMs'> {
    try {
      const said = content.parse(JSON.parse(text));
      return 'released' in said ? { isReleased: true, holder: null, text } : { isReleased: false, holder: said, text };
    } catch {
      // It is being written, or a power cut has damaged it. Its age decides.
      return { isReleased: false, holder: null, text };
    }
  }

  /** What cannot be read says nothing. */
  private textOf(number: number): string {
    try {
      return readFileSync(this.path(number), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
      return '';
    }
  }

  private numbers(): number[] {
    return readdirSync(this.folder)
      .filter((name) => /^[1-9][0-9]{0,14}$/.test(name))
      .map(Number);
  }

  private path(number: number): string {
    return join(this.folder, String(number));
  }
}
