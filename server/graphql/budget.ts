import { setTimeout as sleep } from 'node:timers/promises';
import { refusal } from './errors.js';

/** How many numbers one operation may read. JSON of a million numbers has about 8 MB. */
const MOST_NUMBERS = 1_000_000;
/** An object in a list counts as this many numbers when it is returned: it has a handful of fields. */
export const ITEM = 5;
/** A row counts as this many numbers when it is read, whether or not it is returned. */
const ROW = 2;
/**
 * The number of stored points that count as one: reading them in order to reduce them costs less than returning them. A block of
 * which only the extremes are read counts as one, too.
 */
export const POINTS_PER_NUMBER = 5;
/** The same for the stored counts of the images of an evaluation, in bytes. A cell takes about 3. */
export const BYTES_PER_NUMBER = 8;

/**
 * What an operation may still read. The cost rule (cost.ts) estimates this before anything is read, but knows neither how
 * many classes a dataset has nor how many points a run has stored. This counts what is read.
 */
export class Budget {
  private left: number;
  private atMs = performance.now();
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * @param refillMs how long it takes until everything can be read again. A subscription has one budget as long as it
   * lives, and so needs this; other operations get nothing back
   */
  constructor(
    private readonly refillMs = Number.POSITIVE_INFINITY,
    private readonly most = MOST_NUMBERS,
  ) {
    this.left = most;
  }

  /** How many more numbers can be read. Negative if there were already too many. */
  get numbers(): number {
    const now = performance.now();
    this.left = Math.min(this.most, this.left + ((now - this.atMs) * this.most) / this.refillMs);
    this.atMs = now;
    return this.left;
  }

  /** Resolves when at least half of everything can be read, if it is refilled. */
  async refilled(): Promise<void> {
    const missing = this.most / 2 - this.numbers;
    if (missing > 0 && Number.isFinite(this.refillMs)) await sleep((missing / this.most) * this.refillMs);
  }

  /** Counts numbers that were read or are about to be. @throws BAD_USER_INPUT if there are too many */
  spend(numbers: number): void {
    this.left = this.numbers - numbers;
    if (this.left >= 0) return;
    const counted = { perItem: ITEM, perRow: ROW, points: POINTS_PER_NUMBER, bytes: BYTES_PER_NUMBER };
    throw refusal('READS_TOO_MUCH', { most: this.most, ...counted });
  }

  /**
   * Reads while nothing else of the operation does, so that each reader knows what the ones before it have left. Otherwise,
   * fields that are resolved at the same time could read the whole budget each.
   * @throws BAD_USER_INPUT, without reading, if there was already too much
   */
  inTurn<T>(read: () => Promise<T>): Promise<T> {
    const result = this.turn.then(() => {
      this.spend(0);
      return read();
    });
    this.turn = result.catch(() => {});
    return result;
  }

  /**
   * Reads rows in turn. `limit` is one row more than the operation may read.
   * @param rowsOf how many rows an item was made from, if that is not one
   * @throws BAD_USER_INPUT
   */
  rows<T>(read: (limit: number) => Promise<T[]>, rowsOf: (item: T) => number = () => 1): Promise<T[]> {
    return this.inTurn(async () => {
      const items = await read(Math.floor(this.numbers / ROW) + 1);
      this.spend(items.reduce((rows, item) => rows + rowsOf(item), 0) * ROW);
      return items;
    });
  }
}
