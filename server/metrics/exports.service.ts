import type { PointRange } from './metrics.types.js';
import type { Columns } from './points/columns.js';
import type { PointsReader } from './points/reader.js';
import type { SeriesRepository } from './series.repository.js';

/** How points are written: one line for each. */
export interface ExportFormat {
  contentType: string;
  /** What comes before the first point. */
  header: string;
  lines(run: number, series: string, points: Columns): string;
}

/** What to export of a run. */
export interface Exported {
  run: { id: string; number: number };
  /** All series if null. Unknown names are left out. */
  names: readonly string[] | null;
  range: PointRange;
}

/** Histories in full, as text. */
export class ExportsService {
  constructor(
    private readonly deps: {
      series: SeriesRepository;
      reader: PointsReader;
    },
  ) {}

  /**
   * Passes the points of a run to `send`, by series and step, a few thousand lines at a time, all from one state of the database.
   * It uses a connection until `send` is done. The beginning has been read when `send` is called, so it is not called if the
   * database cannot answer.
   */
  export(
    exported: Exported,
    format: ExportFormat,
    send: (parts: AsyncIterable<string>) => Promise<void>,
  ): Promise<void> {
    const { run, names, range } = exported;
    const { series, reader } = this.deps;
    return reader.snapshot(async (manager) => {
      const ids = await series.find(manager, run.id, names);
      async function* parts() {
        yield format.header;
        for (const [name, id] of ids) {
          for await (const points of reader.points(manager, run.id, id, range)) {
            yield format.lines(run.number, name, points);
          }
        }
      }
      const texts = parts();
      try {
        await send(await begun(texts));
      } finally {
        // Waits for a statement that is still running. Only then can the transaction end.
        await texts.return(undefined);
      }
    });
  }
}

/** The same parts, of which the first two have been made. */
async function begun(parts: AsyncGenerator<string>): Promise<AsyncIterable<string>> {
  const made = [await parts.next(), await parts.next()];
  async function* all() {
    for (const { done, value } of made) if (!done) yield value;
    yield* parts;
  }
  return all();
}
