import type { DataSource } from 'typeorm';
import { arrayLiteral } from '../../database/batches.js';
import type { Transaction } from '../../database/transaction.js';
import type { StepRange } from '../metrics.types.js';
import { type Columns, numbers } from './columns.js';

/** Rolled-up batches are kept for a while, so that those who follow a run can read from where they were. */
const KEPT = "interval '15 minutes'";

/** Points of several series, in order of arrival. */
export interface Rows {
  series: number[];
  steps: number[];
  values: number[];
}

/** The newest point of each series. */
export type Newest = Rows;

export interface BatchState {
  /** The number of the newest batch. */
  batches: number;
  /** The number of the newest batch that is in blocks. */
  rolledUp: number;
}

/** The batches in which new points wait to be rolled up into blocks. */
export class BatchesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Appends a batch. `waiting` is the highest number of points of one series in it. Returns the batch's number, and an upper
   * bound of the points that a series has waiting.
   */
  async append(
    transaction: Transaction,
    runId: string,
    rows: Rows,
    newest: Newest,
    waiting: number,
  ): Promise<{ number: number; waiting: number }> {
    const [row] = await transaction.query<[{ number: number; waiting: number }]>(
      `/* appendPoints */ WITH counted AS (
         INSERT INTO run_points AS stored (run_id, batches, waiting, series, last_steps, last_values)
         VALUES ($1, 1, $2, $3::int[], $4::bigint[], $5::float8[])
         ON CONFLICT (run_id) DO UPDATE SET batches = stored.batches + 1, waiting = stored.waiting + excluded.waiting,
           (series, last_steps, last_values) = (
             SELECT array_agg(series), array_agg(step), array_agg(value) FROM (
               SELECT DISTINCT ON (series) series, step, value FROM (
                 SELECT *, 0 AS age FROM unnest(excluded.series, excluded.last_steps, excluded.last_values) AS n (series, step, value)
                 UNION ALL
                 SELECT *, 1 FROM unnest(stored.series, stored.last_steps, stored.last_values)) AS known
               ORDER BY series, step DESC, age) newest)
         RETURNING batches, waiting
       ), added AS (
         INSERT INTO point_batches (run_id, number, series, steps, values)
         SELECT $1, batches, $6::int[], $7::bigint[], $8::float8[] FROM counted)
       SELECT batches AS number, waiting FROM counted`,
      [
        runId,
        waiting,
        ...[newest.series, newest.steps, newest.values, rows.series, rows.steps, rows.values].map(arrayLiteral),
      ],
    );
    return row;
  }

  async state(runId: string, manager: Transaction = this.dataSource.manager): Promise<BatchState> {
    const [row] = await manager.query<BatchState[]>(
      '/* batchState */ SELECT batches, rolled_up AS "rolledUp" FROM run_points WHERE run_id = $1',
      [runId],
    );
    return row ?? { batches: 0, rolledUp: 0 };
  }

  /** The points of batches after `after`, by series, in order of arrival. All series if `seriesIds` is null. */
  async pointsAfter(
    manager: Transaction,
    runId: string,
    after: number,
    seriesIds: readonly number[] | null,
    { fromStep, toStep }: StepRange,
  ): Promise<Map<number, Columns>> {
    // One text per column: parsing it is several times faster than reading rows or arrays through the driver.
    const rows = await manager.query<{ series: number; steps: string; values: string; times: string }[]>(
      `/* waitingPoints */ SELECT p.series, string_agg(p.step::text, ',' ORDER BY b.number, p.place) AS steps,
         string_agg(p.value::text, ',' ORDER BY b.number, p.place) AS values,
         string_agg(round(extract(epoch FROM b.at) * 1000)::text, ',' ORDER BY b.number, p.place) AS times
       FROM point_batches b
       CROSS JOIN LATERAL unnest(b.series, b.steps, b.values) WITH ORDINALITY AS p (series, step, value, place)
       WHERE b.run_id = $1 AND b.number > $2 AND ($3::int[] IS NULL OR p.series = ANY ($3)) AND p.step BETWEEN $4 AND $5
       GROUP BY p.series`,
      [runId, after, seriesIds, fromStep, toStep],
    );
    return new Map(
      rows.map(({ series, steps, values, times }) => [
        series,
        { steps: numbers(steps), values: numbers(values), times: numbers(times) },
      ]),
    );
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
