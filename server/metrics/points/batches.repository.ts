import type { DataSource } from 'typeorm';
import { queryPreparedIn } from '../../database/prepared.js';
import type { Transaction } from '../../database/transaction.js';
import type { StepRange } from '../metrics.types.js';
import { APPENDED, type AppendedRow, appendBatch, batchValues } from './batch.js';
import { readArray } from './binary-array.js';
import { type Columns, joined } from './columns.js';

/** Rolled-up batches are kept for a while, so that those who follow a run can read from where they were. */
const KEPT = "interval '15 minutes'";

const APPEND = {
  name: 'appendPoints',
  text: `/* appendPoints */ WITH run AS (SELECT $1::uuid AS id), ${appendBatch(2)} SELECT ${APPENDED}`,
};

/** The time of the point `p` of the batch `b`: its runner's, or else that of its arrival. */
const TIME = `coalesce(b.first_time + CASE WHEN b.times IS NULL THEN 0 ELSE p.time END * interval '1 millisecond', b.at)`;

/** The columns of waiting points. */
const COLUMNS = [
  ['steps', 'p.step'],
  ['values', 'p.value'],
  ['times', `round(extract(epoch FROM ${TIME}) * 1000)`],
] as const;

export interface BatchState {
  /** The number of the newest batch. */
  batches: number;
  /** The number of the newest batch that is in blocks. */
  rolledUp: number;
}

/**
 * The values of batches are read up to about this size at a time: 65,000 points. What is made of them is garbage soon, and more of
 * it would stay in memory long enough to be collected with everything else.
 */
const MOST_BYTES = 2 ** 19;

/** A batch. Its arrays are in the binary format, and its times in milliseconds. */
interface StoredBatch {
  number: number;
  series: Buffer;
  steps: Buffer;
  values: Buffer;
  times: Buffer | null;
  at: number;
  firstTime: number | null;
}

/** The points of batches, by series, in order of arrival. */
function divided(batches: readonly StoredBatch[]): Map<number, Columns> {
  const parts = new Map<number, Columns[]>();
  for (const { at, firstTime, ...batch } of batches) {
    const [series, steps, values] = [batch.series, batch.steps, batch.values].map(
      (array) => readArray(array) as number[],
    );
    const times = batch.times ? readArray(batch.times) : steps!.map(() => 0);
    const timeOf = (time: number | null) => Math.round(firstTime === null || time === null ? at : firstTime + time);
    // The points of a series follow each other.
    for (let [from, to] = [0, 0]; from < series!.length; from = to) {
      const id = series![from]!;
      while (series![to] === id) to++;
      const part = {
        steps: steps!.slice(from, to),
        values: values!.slice(from, to),
        times: times.slice(from, to).map(timeOf),
      };
      const others = parts.get(id);
      if (others) others.push(part);
      else parts.set(id, [part]);
    }
  }
  return new Map([...parts].map(([id, all]) => [id, joined(all)]));
}

interface PointsRow {
  series: number;
  steps: Buffer;
  values: Buffer;
  times: Buffer;
}

/**
 * Points of batches, by series. Arrays in the binary format: reading them is several times faster than reading rows, or arrays
 * through the driver.
 */
const POINTS = `p.series, ${COLUMNS.map(
  ([name, sql]) => `array_send(array_agg((${sql})::float8 ORDER BY b.number, p.place)) AS ${name}`,
).join(', ')}`;
const UNNESTED = `CROSS JOIN LATERAL unnest(b.series, b.steps, b.values, b.times) WITH ORDINALITY
  AS p (series, step, value, time, place)`;

/** The batches in which new points wait to be rolled up into blocks. */
export class BatchesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Appends a batch of points, by the ids of their series. Steps must be ascending, and none of the columns empty. */
  async append(transaction: Transaction, runId: string, points: ReadonlyMap<number, Columns>): Promise<AppendedRow> {
    const [row] = await queryPreparedIn<AppendedRow>(transaction, APPEND, [runId, ...batchValues(points)]);
    return row!;
  }

  async state(runId: string, manager: Transaction = this.dataSource.manager): Promise<BatchState> {
    const [row] = await manager.query<BatchState[]>(
      '/* batchState */ SELECT batches, rolled_up AS "rolledUp" FROM run_points WHERE run_id = $1',
      [runId],
    );
    return row ?? { batches: 0, rolledUp: 0 };
  }

  /** The points of several runs that wait to be rolled up, by series, in order of arrival. */
  async waiting(
    manager: Transaction,
    runIds: readonly string[],
    seriesIds: readonly number[],
    { fromStep, toStep }: StepRange,
  ): Promise<Map<number, Columns>> {
    const rows = await manager.query<PointsRow[]>(
      `/* waitingPoints */ SELECT ${POINTS} FROM run_points r
       JOIN point_batches b ON b.run_id = r.run_id AND b.number > r.rolled_up ${UNNESTED}
       WHERE r.run_id = ANY ($1) AND p.series = ANY ($2) AND p.step BETWEEN $3 AND $4 GROUP BY p.series`,
      [runIds, seriesIds, fromStep, toStep],
    );
    return bySeries(rows);
  }

  /**
   * The points of the next batches after `after`, by series, in order of arrival, and the number of the last of these batches; null
   * if there are none. The roll-up needs every point, so the batches are read as they are, and divided here: the work of PostgreSQL
   * would take several times as long.
   */
  async next(
    manager: Transaction,
    runId: string,
    after: number,
  ): Promise<{ points: Map<number, Columns>; upTo: number } | null> {
    const batches = await manager.query<StoredBatch[]>(
      `/* waitingBatches */ SELECT number, array_send(series) AS series, array_send(steps) AS steps,
         array_send(values) AS values, array_send(times) AS times, extract(epoch FROM at)::float8 * 1000 AS at,
         extract(epoch FROM first_time)::float8 * 1000 AS "firstTime"
       FROM (
         -- The size of an array is known without reading it.
         SELECT *, sum(pg_column_size(values)) OVER (ORDER BY number) - pg_column_size(values) AS bytes_before
         FROM point_batches WHERE run_id = $1 AND number > $2) b
       WHERE bytes_before < $3 ORDER BY number`,
      [runId, after, MOST_BYTES],
    );
    const last = batches.at(-1);
    return last ? { points: divided(batches), upTo: last.number } : null;
  }

  /** Appends a batch without points, which says that those of earlier batches after a step were deleted. Nothing may be waiting. */
  async appendCut(transaction: Transaction, runId: string, afterStep: number): Promise<number> {
    const [row] = await transaction.query<[{ number: number }]>(
      `/* appendCut */ WITH counted AS (
         UPDATE run_points SET batches = batches + 1, rolled_up = batches + 1 WHERE run_id = $1 RETURNING batches)
       INSERT INTO point_batches (run_id, number, series, steps, values, cut_after)
       SELECT $1, batches, '{}', '{}', '{}', $2 FROM counted RETURNING number`,
      [runId, afterStep],
    );
    return row.number;
  }

  /** Notes that all batches up to `number` are in blocks. */
  async setRolledUp(transaction: Transaction, runId: string, number: number): Promise<void> {
    await transaction.query('/* setRolledUp */ UPDATE run_points SET rolled_up = $2, waiting = 0 WHERE run_id = $1', [
      runId,
      number,
    ]);
  }

  /** Reads the newest points of a run again from its blocks, after they were cut. Nothing may be waiting. */
  async findNewestAgain(transaction: Transaction, runId: string): Promise<void> {
    await transaction.query(
      `/* newestPoints */ UPDATE run_points SET (series, last_steps, last_values) = (
         SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(last_step), '{}'), coalesce(array_agg(last_value), '{}')
         FROM (SELECT id FROM series WHERE run_id = $1 ORDER BY id) s CROSS JOIN LATERAL (
           SELECT last_step, last_value FROM point_blocks WHERE series_id = id ORDER BY first_step DESC LIMIT 1) newest)
       WHERE run_id = $1`,
      [runId],
    );
  }

  /** Runs that a stopped server has left behind: they have ended, or more than `most` points of a series wait. */
  async forgotten(most: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* forgottenBatches */ SELECT run_id AS id FROM run_points JOIN runs ON runs.id = run_id
       WHERE waiting >= $1 OR (waiting > 0 AND state IN ('COMPLETED', 'FAILED', 'CANCELED'))`,
      [most],
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes batches that have been in blocks for long enough. */
  async deleteOld(): Promise<void> {
    await this.dataSource.query(
      `/* deleteOldBatches */ DELETE FROM point_batches b USING run_points r
       WHERE r.run_id = b.run_id AND b.number <= r.rolled_up AND b.at < now() - ${KEPT}`,
    );
  }
}

function bySeries(rows: readonly PointsRow[]): Map<number, Columns> {
  return new Map(
    rows.map(({ series, ...columns }) => {
      const [steps, values, times] = COLUMNS.map(([name]) => readArray(columns[name]) as number[]);
      return [series, { steps: steps!, values: values!, times: times! }];
    }),
  );
}
