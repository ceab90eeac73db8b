import { closeSync, constants, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskFault } from '../files/disk-fault.js';
import { setAside } from './damaged.js';
import { DamagedFile, readJsonFile } from './json-file.js';
import type { Waits } from './retry.js';

/** Room for the reports and images of a run, while its server keeps up. */
export const RESERVE_BYTES = 64 * 1024 ** 2;
/** The one that a run resumes from, the newest one, and the one that is being written. */
const CHECKPOINTS_AT_ONCE = 3;
/** The number of runs that are remembered: a larger one that never comes back must not keep smaller ones away. */
const REMEMBERED_RUNS = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const PROBE_BYTES = 256 * 1024;
/** The file always has this size, so that it can be overwritten while the disk is full. */
const STATE_BYTES = 1024;

const stateShape = z.object({
  /** Size of the largest checkpoint of each of the last runs, the newest first. */
  checkpointBytes: z.array(z.number().min(0)).max(REMEMBERED_RUNS),
  /** How many runs in a row were lost to the disk, why, and the time until which no other is claimed. */
  faults: z.int().min(0),
  reason: z.string().nullable(),
  notBefore: z.number(),
});

type State = z.output<typeof stateShape>;

/**
 * Whether the disk of the runner's home has room to train. Before a run is claimed, the reserve and three of the largest
 * checkpoints of the last five runs must fit. After a run was lost to the disk, none is claimed for 30 s, doubling up to
 * 15 min. `<home>/disk.json` remembers this, because an agent that restarts must not begin all over.
 */
export class Disk {
  private readonly file: string;
  private state: State = { checkpointBytes: [], faults: 0, reason: null, notBefore: 0 };
  /** Whether the disk could be written when that was last tried. */
  private probed = false;

  /** @param assertHeld see HomeLock; called before anything in the home changes */
  constructor(
    private readonly home: string,
    private readonly assertHeld: () => void = () => {},
    private readonly reserveBytes = RESERVE_BYTES,
    private readonly waits: Waits = { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS },
  ) {
    this.file = join(home, 'disk.json');
  }

  /** Reads what the last agent remembered. A damaged file is set aside: it is not worth refusing to start. */
  async recall(log: (message: string) => void): Promise<void> {
    try {
      this.state = readState(this.file) ?? this.state;
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      await setAside(this.home, this.file, error.message, log);
    }
    // While there is room: an existing file can be overwritten later.
    this.save();
  }

  /** Why no run should be claimed now; null if one may be. */
  async problem(): Promise<string | null> {
    const { faults, reason, notBefore } = this.state;
    if (Date.now() < notBefore) return `${reason}; it tries again after ${new Date(notBefore).toISOString()}`;
    const short = await this.shortFor(Math.max(0, ...this.state.checkpointBytes));
    return short ?? (faults > 0 || !this.probed ? this.unwritable() : null);
  }

  /** Why a run with checkpoints of this size does not fit; null if it does. */
  async shortFor(checkpointBytes: number): Promise<string | null> {
    const needed = this.reserveBytes + CHECKPOINTS_AT_ONCE * checkpointBytes;
    const { bavail, bsize } = await statfs(this.home);
    const free = bavail * bsize;
    if (free >= needed) return null;
    return `the disk of the runner has ${mib(free)} free, but a run needs ${mib(needed)}: free some space on it`;
  }

  /** Records that a run with checkpoints of this size (0: unknown) has trained here, or was meant to. */
  trained(checkpointBytes: number): void {
    if (checkpointBytes === 0) return;
    this.state.checkpointBytes = [checkpointBytes, ...this.state.checkpointBytes].slice(0, REMEMBERED_RUNS);
    this.save();
  }

  /** Records that a run was lost to the disk. */
  failed(reason: string): void {
    const { firstMs, longestMs } = this.waits;
    const waitMs = Math.min(firstMs * 2 ** this.state.faults, longestMs);
    Object.assign(this.state, { faults: this.state.faults + 1, reason, notBefore: Date.now() + waitMs });
    this.save();
  }

  /** Records that a run did not fail because of the disk. One that ends before the wait is over began before the fault. */
  works(): void {
    if (this.state.faults === 0 || Date.now() < this.state.notBefore) return;
    Object.assign(this.state, { faults: 0, reason: null, notBefore: 0 });
    this.save();
  }

  /** A quota or a read-only disk does not show in the free space. */
  private unwritable(): string | null {
    this.assertHeld();
    const probe = join(this.home, 'disk.probe');
    try {
      writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
      rmSync(probe);
      this.probed = true;
      return null;
    } catch (error) {
      const fault = diskFault(error);
      if (fault === null) throw error;
      this.probed = false;
      return fault;
    }
  }

  private save(): void {
    this.assertHeld();
    const bytes = Buffer.alloc(STATE_BYTES, ' ');
    bytes.write(JSON.stringify(this.state));
    try {
      // Neither truncated nor replaced: both may need room.
      const file = openSync(this.file, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        writeSync(file, bytes, 0, STATE_BYTES, 0);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      // Then it is remembered only until the agent ends. The free space is checked in any case.
      if (diskFault(error) === null) throw error;
    }
  }
}

/** Null if nothing is remembered. @throws DamagedFile */
function readState(file: string): State | null {
  const found = statSync(file, { throwIfNoEntry: false });
  // An empty file was created while the disk was full.
  return found?.isFile() && found.size === 0 ? null : readJsonFile(file, stateShape);
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
