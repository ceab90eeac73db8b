const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 15 * 60_000;

/**
 * How long a runner leaves the queue to others after it has lost attempts in a row: a machine whose GPU is gone would claim
 * a run again at once and lose it until the server gives it up. One loss may be chance and costs no time.
 */
export class Rest {
  private lostInARow = 0;
  private until = 0;

  get isOver(): boolean {
    return Date.now() >= this.until;
  }

  /** Notes how an attempt ended; the seconds of rest that follow. */
  after(outcome: string): number {
    this.lostInARow = outcome === 'LOST' ? this.lostInARow + 1 : 0;
    const rest = this.lostInARow < 2 ? 0 : Math.min(FIRST_REST_MS * 2 ** (this.lostInARow - 2), LONGEST_REST_MS);
    this.until = Date.now() + rest;
    return rest / 1000;
  }
}
