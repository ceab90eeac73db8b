import { randomUUID } from 'node:crypto';
import type { Transaction } from '../database/transaction.js';
import type { Logger } from '../logger.js';
import type { ServersRepository } from './servers.repository.js';

/** Servers that were not seen for this long are forgotten. Their leases ended long before. */
const FORGOTTEN_AFTER_DAYS = 1;

/**
 * Tells the other servers on the same database that this one is alive. The runners of a server that is silent may be
 * unable to renew their leases, so the other servers give them more time.
 */
export class Presence {
  /** Identifies this process. */
  readonly id = randomUUID();
  private timer: NodeJS.Timeout | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      repository: ServersRepository;
      logger: Logger;
      everySeconds: number;
    },
  ) {}

  /** Rejects if the database is unavailable. */
  async start(): Promise<void> {
    await this.markSeen();
    await this.deps.repository.deleteSilent(FORGOTTEN_AFTER_DAYS);
    this.timer = setInterval(() => {
      this.work = this.work.then(() => this.beat());
    }, this.deps.everySeconds * 1000);
    this.timer.unref();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.work;
  }

  /** Records that this server is alive. */
  markSeen(): Promise<void> {
    return this.deps.repository.markSeen(this.id);
  }

  /** Whether a server is known to have been silent since this time. Null is a server from before they were recorded. */
  async wasSilent(transaction: Transaction, id: string | null, since: Date): Promise<boolean> {
    return id !== null && this.deps.repository.lastSeenBefore(transaction, id, since);
  }

  private async beat(): Promise<void> {
    try {
      await this.markSeen();
    } catch (error) {
      this.deps.logger.warn({ reason: (error as Error).message }, 'this server could not record that it is alive');
    }
  }
}
