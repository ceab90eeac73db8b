import type { Logger } from '../logger.js';
import type { BlobsService } from './blobs.service.js';
import type { UploadsService } from './uploads.service.js';

const SWEEP_MS = 60 * 1000;

/**
 * Deletes unreferenced blobs every minute: replaced checkpoints, blobs of deleted runs, and uploads that no report ever
 * named.
 */
export class BlobCollector {
  private timer: NodeJS.Timeout | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      blobs: BlobsService;
      uploads: UploadsService;
      logger: Logger;
    },
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.work = this.collect();
    }, SWEEP_MS);
    this.timer.unref();
  }

  /** Waits for a collection that is in progress. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.work;
  }

  private async collect(): Promise<void> {
    try {
      await this.deps.uploads.deleteExpired();
      const count = await this.deps.blobs.collect();
      if (count > 0) this.deps.logger.info({ count }, 'deleted blobs that are no longer referenced');
    } catch (error) {
      // The database may be unavailable for a while. The next collection deletes these blobs too.
      this.deps.logger.warn({ reason: (error as Error).message }, 'deleting unreferenced blobs failed');
    }
  }
}
