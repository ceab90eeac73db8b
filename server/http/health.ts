import { setTimeout as sleep } from 'node:timers/promises';

/** How long "well" holds. Monitoring systems ask every few seconds at most. */
const FRESH_MS = 1_000;
/** A check that takes longer has failed. Probes give up after a few seconds, too. */
const WITHIN_MS = 2_000;

/**
 * Checks whether the server is well, no matter how many ask: one check at a time, and none for a moment after one that passed.
 * A failure is not kept, so that everybody learns at once that the server has recovered.
 */
export class Health {
  private wellUntilMs = Number.NEGATIVE_INFINITY;
  private running: Promise<string | null> | null = null;

  /**
   * @param check throws what is wrong
   * @param failed is called once for each check that fails
   */
  constructor(
    private readonly check: () => Promise<unknown>,
    private readonly failed: (reason: string) => void,
    private readonly freshMs = FRESH_MS,
    private readonly withinMs = WITHIN_MS,
  ) {}

  /** What is wrong; null if nothing is. Answers within two seconds, even if the check does not end. */
  async problem(): Promise<string | null> {
    if (performance.now() < this.wellUntilMs) return null;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    const timer = new AbortController();
    const late = `no answer within ${this.withinMs / 1000} s`;
    try {
      // An aborted wait rejects after the race is over, which the race handles.
      return await Promise.race([this.running, sleep(this.withinMs, late, { signal: timer.signal })]);
    } finally {
      timer.abort();
    }
  }

  private async run(): Promise<string | null> {
    try {
      await this.check();
      this.wellUntilMs = performance.now() + this.freshMs;
      return null;
    } catch (error) {
      const reason = (error as Error).message;
      this.failed(reason);
      return reason;
    }
  }
}
