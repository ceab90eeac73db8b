import { type Columns, joined } from './columns.js';

/** Of all runs together. A point takes 24 bytes. */
const MOST_POINTS = 300_000;
/** The points that `next` returns at most, unless one batch has more. What is made of them is garbage soon. */
const MOST_AT_ONCE = 65_000;
/**
 * Points per series of a batch, on average, from which on it is worth remembering. The lists of one with fewer take up to ten times
 * the memory of its points, and many runs report a point or two per series each second.
 */
const FEWEST_PER_SERIES = 20;

interface Batch {
  columns: ReadonlyMap<number, Columns>;
  points: number;
}

/**
 * The newest batches that this server has appended. The roll-up then need not read them, which takes both processes longer than
 * rolling them up. PostgreSQL has them all, so any of them can be forgotten: the run that got its last batch first goes first.
 */
export class RecentBatches {
  private readonly runs = new Map<string, Map<number, Batch>>();
  private points = 0;

  /** Remembers a batch that was committed, by series, unless it is a small one. Nobody may change the columns from now on. */
  add(runId: string, number: number, columns: ReadonlyMap<number, Columns>): void {
    const points = [...columns.values()].reduce((sum, { steps }) => sum + steps.length, 0);
    if (points < FEWEST_PER_SERIES * columns.size) return;
    const batches = this.runs.get(runId) ?? new Map<number, Batch>();
    // The order of a Map is that of insertion.
    this.runs.delete(runId);
    this.runs.set(runId, batches.set(number, { columns, points }));
    this.points += points;
    for (const oldest of this.runs.keys()) {
      if (this.points <= MOST_POINTS) return;
      this.forget(oldest, Number.POSITIVE_INFINITY);
    }
  }

  /**
   * The points of the batches after `after`, by series, in order of arrival, and the number of the last of these batches, which
   * is at most `last`. Null if the next one is not known.
   */
  next(runId: string, after: number, last: number): { points: Map<number, Columns>; upTo: number } | null {
    const batches = this.runs.get(runId);
    const parts = new Map<number, Columns[]>();
    let [upTo, points] = [after, 0];
    for (let batch = batches?.get(upTo + 1); batch && upTo < last; batch = batches?.get(upTo + 1)) {
      points += batch.points;
      if (points > MOST_AT_ONCE && upTo > after) break;
      upTo++;
      for (const [id, columns] of batch.columns) {
        const others = parts.get(id);
        if (others) others.push(columns);
        else parts.set(id, [columns]);
      }
    }
    return upTo > after ? { points: new Map([...parts].map(([id, all]) => [id, joined(all)])), upTo } : null;
  }

  /** Forgets the batches of a run up to a number. */
  forget(runId: string, upTo: number): void {
    const batches = this.runs.get(runId);
    for (const [number, { points }] of batches ?? []) {
      if (number > upTo) continue;
      batches!.delete(number);
      this.points -= points;
    }
    if (batches?.size === 0) this.runs.delete(runId);
  }

  /** Forgets everything: the database may have been restored to an earlier state. */
  clear(): void {
    this.runs.clear();
    this.points = 0;
  }
}
