import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { PlacementsService } from '../runs/placements.service.js';
import type { Presence } from '../servers/presence.js';
import type { AttemptsService } from './attempts.service.js';

/**
 * Ends attempts whose lease has expired, and deletes placements that are no longer used. After a start, and after the database was unavailable, it first waits for one
 * whole lease: runners could not renew their leases in the meantime, and need time to do so. If another server was
 * unavailable, its leases last for one lease longer.
 */
export class Sweeper {
  private readonly stop = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      attempts: AttemptsService;
      runners: RunnersService;
      placements: PlacementsService;
      presence: Presence;
      logger: Logger;
      sweepSeconds: number;
      leaseSeconds: number;
    },
  ) {}

  start(): void {
    this.work = this.run();
  }

  /** Waits for a sweep that is in progress. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    let waitSeconds = this.deps.leaseSeconds;
    while (await this.rested(waitSeconds)) {
      waitSeconds = (await this.sweep()) ? this.deps.sweepSeconds : this.deps.leaseSeconds;
    }
  }

  private async sweep(): Promise<boolean> {
    try {
      // First: an expired lease lasts for one lease longer while the server that renewed it has not been seen since.
      await this.deps.presence.markSeen();
      const lost = await this.deps.attempts.loseExpired();
      if (lost > 0) this.deps.logger.warn({ lost }, 'leases expired; their runs are queued again');
      await this.deps.runners.announceSilent(this.deps.sweepSeconds * 2);
      await this.deps.placements.deleteUnused();
      return true;
    } catch (error) {
      this.deps.logger.error({ reason: (error as Error).message }, 'the sweep for expired leases failed');
      return false;
    }
  }

  /** Waits. Returns false if the server is closing. */
  private async rested(seconds: number): Promise<boolean> {
    try {
      await sleep(seconds * 1000, undefined, { signal: this.stop.signal });
      return true;
    } catch {
      // The sleep rejects only when it is aborted.
      return false;
    }
  }
}
