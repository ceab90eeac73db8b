import type { SeriesRepository } from './series.repository.js';

/** All names together. Each takes about 150 bytes. */
const MOST_NAMES = 50_000;

/**
 * Remembers the ids of the series that attempts report. They cannot be wrong while the attempt may write: a series is deleted only
 * with its run, and by the claim that opens a later attempt, before its runner knows that attempt. Bounded: the attempt that
 * was not asked about for the longest time is forgotten first.
 */
export class SeriesIds {
  private readonly known = new Map<string, Map<string, number>>();
  private names = 0;

  constructor(private readonly repository: SeriesRepository) {}

  /** The ids of stored series of the attempt's run by name; null if one of them is not stored yet. */
  async of(attemptId: string, names: readonly string[]): Promise<ReadonlyMap<string, number> | null> {
    const known = this.take(attemptId) ?? new Map<string, number>();
    if (!names.every((name) => known.has(name))) {
      for (const [name, id] of await this.repository.ofAttempt(attemptId, names)) known.set(name, id);
    }
    if (known.size > 0) this.put(attemptId, known);
    return names.every((name) => known.has(name)) ? known : null;
  }

  /** Forgets all ids: the database may have been restored to an earlier state. */
  clear(): void {
    this.known.clear();
    this.names = 0;
  }

  private take(attemptId: string): Map<string, number> | undefined {
    const ids = this.known.get(attemptId);
    if (this.known.delete(attemptId)) this.names -= ids!.size;
    return ids;
  }

  private put(attemptId: string, ids: Map<string, number>): void {
    this.take(attemptId);
    // The order of a Map is that of insertion.
    this.known.set(attemptId, ids);
    this.names += ids.size;
    for (const oldest of this.known.keys()) {
      if (this.names <= MOST_NAMES) return;
      this.take(oldest);
    }
  }
}
