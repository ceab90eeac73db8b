import type { DataSource } from 'typeorm';
import type { MetricHistory } from '../metrics.types.js';
import { readArray } from './binary-array.js';
import { type Columns, inOrder, noPoints, within } from './columns.js';

/** Batches are read up to about this size at a time, so that a subscriber that is far behind needs little memory. */
const MOST_BYTES = 2 ** 20;

/** What happened to the points of a run from one batch to another. */
export interface AddedPoints {
  /** The number of the last batch that is included. */
  upTo: number;
  /** Null, or the step after which all earlier points were deleted. */
  cutAfter: number | null;
  /** What was added and not deleted since, by name. */
  histories: MetricHistory[];
}

/** A batch. Arrays are in the binary format of PostgreSQL. */
interface BatchRow {
  number: number;
  /** The time of its first point, in milliseconds since 1970. */
  firstMs: number;
  /** When the report arrived. */
  atMs: number;
  series: Buffer;
  steps: Buffer;
  values: Buffer;
  /** Milliseconds after `firstMs`; null if all points have that time. */
  times: Buffer | null;
  cutAfter: number | null;
}

/** Reads the points that were added to a run, in the order in which they were added. */
export class AddedPointsReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The number of the newest batch of a run; 0 if there is none. */
  async newest(runId: string): Promise<number> {
    const [row] = await this.dataSource.query<{ batches: number }[]>(
      '/* newestBatch */ SELECT batches FROM run_points WHERE run_id = $1',
      [runId],
    );
    return row?.batches ?? 0;
  }

  /**
   * What was added after the batch `from`, up to `to` or an earlier one. Null if the batches are no longer kept.
   * @param names the series to return; null returns all
   * @param known names of series by id. Those that are missing are looked up and added
   */
  async between(
    runId: string,
    names: readonly string[] | null,
    from: number,
    to: number,
    known: Map<number, string>,
  ): Promise<AddedPoints | null> {
    const batches = await this.batches(runId, from, to);
    if (batches.length === 0 || batches.some(({ number }, i) => number !== from + 1 + i)) return null;
    let cutAfter: number | null = null;
    let added = new Map<number, Columns>();
    for (const batch of batches) {
      if (batch.cutAfter === null) append(added, batch);
      else {
        const step = batch.cutAfter;
        cutAfter = Math.min(cutAfter ?? step, step);
        const kept = [...added].map(([id, columns]): [number, Columns] => [id, until(columns, step)]);
        added = new Map(kept.filter(([, { steps }]) => steps.length > 0));
      }
    }
    await this.findNames(known, [...added.keys()]);
    const histories = [...added].flatMap(([id, columns]) => {
      const name = known.get(id);
      // Without a name, the series was deleted since, by a cut that is yet to be read.
      if (name === undefined || (names && !names.includes(name))) return [];
      const sorted = inOrder(columns);
      return [{ name, ...sorted, total: sorted.steps.length }];
    });
    histories.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { upTo: batches.at(-1)!.number, cutAfter, histories };
  }

  /** Batches one after the other, at least one, and no more than fit into `MOST_BYTES`. */
  private batches(runId: string, from: number, to: number): Promise<BatchRow[]> {
    return this.dataSource.query<BatchRow[]>(
      `/* addedPoints */ SELECT number, round(extract(epoch FROM coalesce(first_time, at)) * 1000)::float8 AS "firstMs",
         round(extract(epoch FROM at) * 1000)::float8 AS "atMs",
         array_send(series) AS series, array_send(steps::float8[]) AS steps, array_send(values) AS values,
         array_send(times) AS times, cut_after AS "cutAfter"
       FROM (
         -- The size of an array is known without reading it.
         SELECT *, sum(pg_column_size(values)) OVER (ORDER BY number) - pg_column_size(values) AS bytes_before
         FROM point_batches WHERE run_id = $1 AND number > $2 AND number <= $3) b
       WHERE bytes_before < $4 ORDER BY number`,
      [runId, from, to, MOST_BYTES],
    );
  }

  private async findNames(known: Map<number, string>, ids: readonly number[]): Promise<void> {
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return;
    const rows = await this.dataSource.query<{ id: number; name: string }[]>(
      '/* namesOfSeries */ SELECT id, name FROM series WHERE id = ANY ($1)',
      [missing],
    );
    for (const { id, name } of rows) known.set(id, name);
  }
}

function append(added: Map<number, Columns>, batch: BatchRow): void {
  const [series, steps, values] = [batch.series, batch.steps, batch.values].map(
    (array) => readArray(array) as number[],
  );
  const times = batch.times && readArray(batch.times);
  for (const [place, id] of series!.entries()) {
    let columns = added.get(id);
    if (!columns) {
      columns = noPoints();
      added.set(id, columns);
    }
    columns.steps.push(steps![place]!);
    columns.values.push(values![place]!);
    const offset = times ? times[place] : 0;
    columns.times.push(typeof offset === 'number' ? batch.firstMs + offset : batch.atMs);
  }
}

/** The points up to a step, which need not be in order. */
const until = (columns: Columns, step: number): Columns => within(inOrder(columns), Number.NEGATIVE_INFINITY, step);
