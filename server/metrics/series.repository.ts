import type { DataSource } from 'typeorm';
import { type Prepared, queryPrepared } from '../database/prepared.js';
import type { Transaction } from '../database/transaction.js';
import type { Series } from './metrics.types.js';

/** A series, and the run that it belongs to. */
export interface RunSeries {
  runId: string;
  id: number;
  name: string;
}

/** JSON has no NaN and no infinities, which are texts. */
type NewestValue = [id: number, name: string, step: number, value: number | 'NaN' | 'Infinity' | '-Infinity'];

/** One row for each run, and not for each series: there may be thousands, and a row costs more than what is in it. */
const NEWEST: Prepared = {
  name: 'newestOfSeries',
  text: `/* newestOfSeries */ SELECT run_id AS "runId", json_agg(json_build_array(id, name, step, value) ORDER BY name) AS series
    FROM (
      SELECT r.run_id, s.id, s.name, newest.step, newest.value
      FROM run_points r CROSS JOIN LATERAL unnest(r.series, r.last_steps, r.last_values) AS newest (id, step, value)
      JOIN series s ON s.run_id = r.run_id AND s.id = newest.id
      WHERE r.run_id = ANY ($1) ORDER BY r.run_id, s.name LIMIT $2) AS read
    GROUP BY run_id`,
};

const numberOf = (value: number | string): number => (typeof value === 'number' ? value : Number(value));

/** The names and newest points of series. */
export class SeriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The ids of a run's series by name. Creates missing series. Existing ones are looked up first, because ON CONFLICT alone
   * would use up an id in every report.
   */
  async idsOf(transaction: Transaction, runId: string, names: string[]): Promise<Map<string, number>> {
    const known = await this.find(transaction, runId, names);
    const missing = names.filter((name) => !known.has(name));
    if (missing.length === 0) return known;
    await transaction.query(
      '/* insertSeries */ INSERT INTO series (run_id, name) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      [runId, missing],
    );
    return this.find(transaction, runId, names);
  }

  /** The ids of those series of the attempt's run that are stored, by name. */
  async ofAttempt(attemptId: string, names: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ id: number; name: string }[]>(
      `/* seriesOfAttempt */ SELECT s.id, s.name FROM attempts a JOIN series s ON s.run_id = a.run_id
       WHERE a.id = $1 AND s.name = ANY ($2)`,
      [attemptId, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** The ids of a run's series by name, in the order of `names`, or alphabetically if `names` is null. */
  async find(manager: Transaction, runId: string, names: readonly string[] | null): Promise<Map<string, number>> {
    const rows = await manager.query<{ id: number; name: string }[]>(
      `/* findSeries */ SELECT id, name FROM series WHERE run_id = $1 AND ($2::text[] IS NULL OR name = ANY ($2))
       ORDER BY array_position($2, name), name`,
      [runId, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /**
   * Up to `limit` series of runs, in the order of `runIds` and `names`, or alphabetically if `names` is null. A run that exists
   * but has none of them has one row without a series.
   */
  ofRuns(
    manager: Transaction,
    runIds: readonly string[],
    names: readonly string[] | null,
    limit: number,
  ): Promise<(RunSeries | { runId: string; id: null; name: null })[]> {
    return manager.query(
      `/* seriesOfRuns */ SELECT runs.id AS "runId", s.id, s.name FROM runs
       LEFT JOIN series s ON s.run_id = runs.id AND ($2::text[] IS NULL OR s.name = ANY ($2))
       WHERE runs.id = ANY ($1::uuid[])
       ORDER BY array_position($1::uuid[], runs.id), array_position($2, s.name), s.name LIMIT $3`,
      [runIds, names, limit],
    );
  }

  /** Up to `limit` series of these runs, by run, sorted by name, with their newest value. */
  async newest(runIds: readonly string[], limit: number): Promise<{ runId: string; series: Series[] }[]> {
    const rows = await queryPrepared<{ runId: string; series: NewestValue[] }>(this.dataSource, NEWEST, [
      runIds,
      limit,
    ]);
    return rows.map(({ runId, series }) => ({
      runId,
      series: series.map(([id, name, lastStep, lastValue]) => ({ id, name, lastStep, lastValue: numberOf(lastValue) })),
    }));
  }

  /** The runs of series, by id. */
  async runsOf(seriesIds: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.dataSource.query<{ id: number; runId: string }[]>(
      '/* runsOfSeries */ SELECT id, run_id AS "runId" FROM series WHERE id = ANY ($1)',
      [seriesIds],
    );
    return new Map(rows.map(({ id, runId }) => [id, runId]));
  }
}
