import type { DataSource } from 'typeorm';
import { arrayLiteral } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { Columns } from './downsample.js';
import type { Series, StepRange } from './metrics.types.js';

export class MetricsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The ids of a run's series by name. Creates missing series. Existing ones are looked up first, because ON CONFLICT alone
   * would use up an id in every report.
   */
  async seriesIds(transaction: Transaction, runId: string, names: string[]): Promise<Map<string, number>> {
    const known = await this.findSeries(transaction, runId, names);
    const missing = names.filter((name) => !known.has(name));
    if (missing.length === 0) return known;
    await transaction.query(
      '/* insertSeries */ INSERT INTO series (run_id, name) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      [runId, missing],
    );
    return this.findSeries(transaction, runId, names);
  }

  /** Writes points, replacing those that are already stored. No (series, step) may occur twice in one call. */
  async upsert(transaction: Transaction, seriesIds: number[], steps: number[], values: number[]): Promise<void> {
    await transaction.query(
      `/* upsertPoints */ INSERT INTO points (series_id, step, value)
       SELECT * FROM unnest($1::int[], $2::int[], $3::float8[])
       ON CONFLICT (series_id, step) DO UPDATE SET value = excluded.value`,
      [seriesIds, steps, values].map(arrayLiteral),
    );
  }

  /** Up to `limit` series of these runs, sorted by name, with their newest value. */
  series(runIds: readonly string[], limit: number): Promise<(Series & { runId: string })[]> {
    return this.dataSource.query(
      `/* series */ SELECT s.id, s.run_id AS "runId", s.name, newest.step AS "lastStep", newest.value AS "lastValue"
       FROM series s
       CROSS JOIN LATERAL (SELECT step, value FROM points p WHERE p.series_id = s.id ORDER BY step DESC LIMIT 1) newest
       WHERE s.run_id = ANY ($1) ORDER BY s.name LIMIT $2`,
      [runIds, limit],
    );
  }

  /** The number of points of each series that has some. Stops at `limit` points of all series together. */
  async pointsOf(seriesIds: readonly number[], limit: number): Promise<Map<number, number>> {
    const rows = await this.dataSource.query<{ id: number; points: number }[]>(
      `/* pointsOfSeries */ SELECT series_id AS id, count(*)::int AS points
       FROM (SELECT series_id FROM points WHERE series_id = ANY ($1) LIMIT $2) counted GROUP BY series_id`,
      [seriesIds, limit],
    );
    return new Map(rows.map(({ id, points }) => [id, points]));
  }

  /** How many points `histories` would read. Stops at `limit`. */
  async countPoints(runId: string, names: string[] | null, range: StepRange, limit: number): Promise<number> {
    const [row] = await this.dataSource.query<[{ points: number }]>(
      `/* countPoints */ SELECT count(*)::int AS points FROM (
         SELECT FROM series s JOIN points p ON p.series_id = s.id
         WHERE s.run_id = $1 AND ($2::text[] IS NULL OR s.name = ANY ($2)) AND p.step BETWEEN $3 AND $4 LIMIT $5) counted`,
      [runId, names, range.fromStep, range.toStep, limit],
    );
    return row.points;
  }

  /** Whole histories, in the order of `names`, or alphabetically if `names` is null. */
  async histories(runId: string, names: string[] | null, range: StepRange): Promise<(Columns & { name: string })[]> {
    // One text per column: parsing it is several times faster than reading rows or arrays through the driver.
    const rows = await this.dataSource.query<{ name: string; steps: string; values: string }[]>(
      `/* histories */ SELECT s.name, string_agg(p.step::text, ',' ORDER BY p.step) AS steps,
         string_agg(p.value::text, ',' ORDER BY p.step) AS values
       FROM series s JOIN points p ON p.series_id = s.id
       WHERE s.run_id = $1 AND ($2::text[] IS NULL OR s.name = ANY ($2)) AND p.step BETWEEN $3 AND $4
       GROUP BY s.id ORDER BY array_position($2, s.name), s.name`,
      [runId, names, range.fromStep, range.toStep],
    );
    return rows.map(({ name, steps, values }) => ({ name, steps: numbers(steps), values: numbers(values) }));
  }

  private async findSeries(transaction: Transaction, runId: string, names: string[]): Promise<Map<string, number>> {
    const rows = await transaction.query<{ id: number; name: string }[]>(
      '/* findSeries */ SELECT id, name FROM series WHERE run_id = $1 AND name = ANY ($2)',
      [runId, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }
}

/** Parses "1,NaN,-Infinity". Postgres writes numbers exactly as JavaScript reads them. */
function numbers(text: string): number[] {
  return text.split(',').map(Number);
}
