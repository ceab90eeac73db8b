import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../schema/exit-codes.js';
import { diskFault } from '../files/disk-fault.js';
import { setAside } from './damaged.js';
import { type Found, type Holder, LockFiles } from './lock-files.js';
import { isRunning } from './process-identity.js';

/** How often the holder refreshes its lock. */
const REFRESH_MS = 10_000;
/** A lock that has not been refreshed for this long is free. */
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

/** How often the holder refreshes the lock, and after how long without that it is free. */
export interface LockTimes {
  refreshMs?: number;
  staleMs?: number;
}

export interface LockOptions extends LockTimes {
  log: (message: string) => void;
  /** Called once, before anything else happens, when another agent has taken over. Ends this process. */
  onLost: (message: string) => void;
}

/**
 * Ensures that only one agent at a time uses a home, because two agents would take each other's leases and delete each
 * other's files. The lock is in the home itself, so it holds for every path, container and machine that leads there.
 *
 * It is our own, because proper-lockfile removes a stale lock and creates its own in two steps, between which another
 * process can do the same (https://github.com/moxystudio/node-proper-lockfile/issues/121), and because there is no flock
 * on every NFS.
 */
export class HomeLock {
  private aliveAt = this.clocks();
  private readonly timer: NodeJS.Timeout;
  private lost: UserError | null = null;

  private constructor(
    private readonly home: string,
    private readonly files: LockFiles,
    private number: number,
    private readonly options: Required<LockOptions>,
  ) {
    this.timer = setInterval(() => this.renew(), options.refreshMs).unref();
  }

  /**
   * Takes the lock. Waits for a lock whose holder may have stopped; a process of this boot that no longer exists has.
   * @throws UserError when another agent uses the home, or when the lock cannot be written
   */
  static async take(home: string, given: LockOptions): Promise<HomeLock> {
    const options = { refreshMs: REFRESH_MS, staleMs: STALE_MS, ...given };
    try {
      const folder = join(home, 'lock');
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
        await setAside(home, folder, `${folder} is damaged: it is not a folder`, options.log);
      const files = new LockFiles(folder);
      for (;;) {
        const number = files.newest();
        if (number > 0) await free(home, files, number, options);
        if (files.createAfter(number)) return new HomeLock(home, files, number + 1, options);
      }
    } catch (error) {
      if (error instanceof UserError) throw error;
      const advice = diskFault(error) === null ? 'make it writable' : 'free some space on its disk';
      throw new UserError(`${home} cannot be locked: ${(error as Error).message}; ${advice}, or use another --home`);
    }
  }

  /**
   * Call this before anything that touches the home or speaks for the runner. Costs nothing, unless this process was
   * frozen (SIGSTOP, a paused container, a suspended machine): then another agent may have taken over.
   * @throws UserError if one has; `onLost` was called before
   */
  readonly assertHeld = (): void => {
    if (!this.lost && this.silentMs() > 2 * this.options.refreshMs) this.renew();
    if (this.lost) throw this.lost;
  };

  /** Frees the lock for the next agent. */
  release(): void {
    clearInterval(this.timer);
    if (!this.lost) this.files.release(this.number);
  }

  private renew(): void {
    const { staleMs } = this.options;
    const silentMs = this.silentMs();
    try {
      // After a long silence, somebody may be about to take over. So the lock is taken as anybody else would take it.
      if (silentMs <= staleMs / 2) {
        if (!this.files.refresh(this.number)) this.lose(`another runner has taken ${this.home} over`);
      } else if (this.files.createAfter(this.number)) this.number++;
      else {
        const frozen = `while this process did not run for ${Math.round(silentMs / 1000)} s`;
        this.lose(`another runner has taken ${this.home} over ${frozen}`);
      }
      this.aliveAt = this.clocks();
    } catch (error) {
      // The disk may be full or its server away. Others respect the lock until it is stale.
      if (silentMs >= staleMs) this.lose(`the lock of ${this.home} cannot be refreshed: ${(error as Error).message}`);
    }
  }

  private lose(why: string): void {
    clearInterval(this.timer);
    this.lost = new UserError(why);
    this.options.onLost(why);
  }

  /** The steady clock stops while the machine is suspended, the other one can be set. */
  private clocks() {
    return { steady: performance.now(), wall: Date.now() };
  }

  private silentMs(): number {
    const { steady, wall } = this.clocks();
    return Math.max(steady - this.aliveAt.steady, wall - this.aliveAt.wall);
  }
}

/** Waits until a lock is free. @throws UserError when its holder is alive */
async function free(home: string, files: LockFiles, number: number, options: Required<LockOptions>): Promise<void> {
  const { log, refreshMs, staleMs } = options;
  const startedAt = performance.now();
  let first: Found | null = null;
  for (;;) {
    const found = files.read(number);
    if (!found || found.isReleased) return;
    const running = found.holder && isRunning(found.holder);
    const waitedMs = performance.now() - startedAt;
    // The second is for a file from the future, as after a wrong clock.
    const ageMs = Math.max(0, files.now() - found.mtimeMs, first?.text === found.text ? waitedMs : 0);
    if (running === false || ageMs >= staleMs) return;
    // In a copy of a home, the lock names a process that uses the original.
    const isCopied = found.holder?.folder !== files.me.folder;
    if ((running && !isCopied) || (first && first.text !== found.text)) {
      throw new UserError(
        `another runner${described(found.holder)} is already using ${home}; stop it, or use another --home`,
      );
    }
    if (!first) {
      const seconds = Math.ceil((staleMs - ageMs) / 1000);
      log(`another runner${described(found.holder)} may still be using ${home}; waiting for at most ${seconds} s`);
      first = found;
    }
    await sleep(Math.min(LOOK_AGAIN_MS, refreshMs));
  }
}

function described(holder: Holder | null): string {
  return holder ? ` (process ${holder.pid} on ${holder.host})` : '';
}
