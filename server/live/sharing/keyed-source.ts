import type { Batch, Ears, Source } from './source.js';

/** How many rows are read at a time for a follower that is far behind. */
const MOST_AT_ONCE = 100;

/** What a listener calls while it is attached. */
export interface Sink {
  /** Reports that the row with this key has changed. */
  emit(key: string): void;
  /** Nothing will change any more. */
  end(): void;
}

/**
 * The current state of rows, each time they change. A row that changes several times before a follower takes it is read once, so a slow
 * follower skips states, but never the latest of a row. Positions count changes in this process.
 */
export class KeyedSource<Row> implements Source<Row> {
  private newestChange = 0;
  /** The newest change of each key, ascending. */
  private readonly changes = new Map<string, number>();

  /**
   * @param attach starts to listen, and returns functions that stop it
   * @param fetch the current rows of these keys; null for those that were deleted, which are skipped
   */
  constructor(
    private readonly attach: (sink: Sink) => (() => void)[],
    private readonly fetch: (keys: readonly string[]) => Promise<(Row | null)[]>,
  ) {}

  listen({ changed, end }: Ears): () => void {
    const emit = (key: string) => {
      this.changes.delete(key);
      this.changes.set(key, ++this.newestChange);
      changed(this.newestChange);
    };
    const stops = this.attach({ emit, end });
    return () => {
      for (const stop of stops) stop();
    };
  }

  async newest(): Promise<number> {
    return this.newestChange;
  }

  async read(from: number, to: number): Promise<Batch<Row>> {
    const wanted = [...this.changes].filter(([, change]) => change > from && change <= to);
    const page = wanted.slice(0, MOST_AT_ONCE);
    const rows = await this.fetch(page.map(([key]) => key));
    const position = page.length < wanted.length ? page.at(-1)![1] : to;
    return { contents: rows.filter((row) => row !== null) as Row[], position };
  }

  forget(position: number): void {
    for (const [key, change] of this.changes) {
      if (change > position) return;
      this.changes.delete(key);
    }
  }
}
