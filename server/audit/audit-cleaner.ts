import type { Logger } from '../logger.js';
import type { AuditService } from './audit.service.js';

const EVERY_MS = 60 * 60 * 1000;

/** Deletes entries of the audit log that are older than AUDIT_DAYS, when the server starts and every hour. */
export class AuditCleaner {
  private timer: NodeJS.Timeout | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      audit: AuditService;
      logger: Logger;
      days: number;
    },
  ) {}

  start(): void {
    this.work = this.clean();
    this.timer = setInterval(() => {
      this.work = this.clean();
    }, EVERY_MS);
    this.timer.unref();
  }

  /** Waits for a deletion that is in progress. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.work;
  }

  private async clean(): Promise<void> {
    try {
      const count = await this.deps.audit.deleteOlderThan(this.deps.days);
      if (count > 0) this.deps.logger.info({ count }, 'deleted old entries of the audit log');
    } catch (error) {
      // The database may be unavailable for a while. The next hour deletes these entries too.
      this.deps.logger.warn({ reason: (error as Error).message }, 'deleting old entries of the audit log failed');
    }
  }
}
