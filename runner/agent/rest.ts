const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 15 * 60_000;

/**
 * How long a runner stops claiming after it has lost several attempts in a row. Otherwise, a machine with a broken GPU
 * would claim the same run again and again until the server gives up on the run. A single loss may be bad luck and has
 * no delay.
 */
export class Rest {
  private lostInARow = 0;
  private until = 0;

  get isOver(): boolean {
    return Date.now() >= this.until;
  }

  /** Records how an attempt ended. Returns the seconds to wait before the next claim. */
  after(outcome: string): number {
    this.lostInARow = outcome === 'LOST' ? this.lostInARow + 1 : 0;
    const rest = this.lostInARow < 2 ? 0 : Math.min(FIRST_REST_MS * 2 ** (this.lostInARow - 2), LONGEST_REST_MS);
    this.until = Date.now() + rest;
    return rest / 1000;
  }
}
