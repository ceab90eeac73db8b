import type { Logger } from '../../logger.js';
import type { BatchesRepository } from './batches.repository.js';
import { MOST_WAITING, type RollUp } from './roll-up.js';

const EVERY_MS = 1000;
/** How often batches are deleted, and runs that another server left behind are looked for. */
const TIDY_EVERY_MS = 5 * 60 * 1000;

/** Rolls up runs in the background, and deletes batches that nobody needs any more. */
export class PointsKeeper {
  private readonly due = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private work: Promise<void> | null = null;
  private tidyAtMs = 0;

  constructor(
    private readonly deps: {
      rollUp: RollUp;
      batches: BatchesRepository;
      logger: Logger;
    },
  ) {}

  /** Says that a run should be rolled up soon. If the transaction that wrote its points fails, that does no harm. */
  note(runId: string): void {
    this.due.add(runId);
  }

  start(): void {
    this.timer = setInterval(() => {
      this.work ??= this.keep().finally(() => {
        this.work = null;
      });
    }, EVERY_MS);
    this.timer.unref();
  }

  /** Waits for work that is in progress. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.work;
  }

  private async keep(): Promise<void> {
    try {
      if (Date.now() >= this.tidyAtMs) {
        for (const runId of await this.deps.batches.forgotten(2 * MOST_WAITING)) this.due.add(runId);
        await this.deps.batches.deleteOld();
        this.tidyAtMs = Date.now() + TIDY_EVERY_MS;
      }
    } catch (error) {
      this.warn(error);
    }
    for (const runId of [...this.due]) {
      try {
        // While somebody writes to the run, it stays due.
        if (await this.deps.rollUp.run(runId)) this.due.delete(runId);
      } catch (error) {
        this.warn(error, runId);
      }
    }
  }

  /** The database may be unavailable for a while. Until then, readers find the points in their batches. */
  private warn(error: unknown, runId?: string): void {
    this.deps.logger.warn({ reason: (error as Error).message, runId }, 'points could not be moved into blocks');
  }
}
