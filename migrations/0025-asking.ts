import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists are sorted, filtered and grouped by scores and by numbers of series. Each number of a series is computed only where it is
 * asked for, and only while points wait. An index has the mIoU of all runs.
 */
export class Asking0025 implements MigrationInterface {
  readonly name = 'Asking1764000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE VIEW series_summaries AS
      SELECT series.id, series.run_id, series.name,
        run_points.last_values[array_position(run_points.series, series.id)] AS last_value,
        ${extreme('min', 'low')}, ${extreme('max', 'high')}, ${mean(10)}, ${mean(100)}
      FROM series LEFT JOIN run_points ON run_points.run_id = series.run_id;

      CREATE INDEX run_scores_mean_iou ON run_scores (network, subset, run_id) INCLUDE (newest_mean_iou, best_mean_iou);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX run_scores_mean_iou;
      CREATE OR REPLACE VIEW series_summaries AS
      SELECT series.id, series.run_id, series.name, ${SUMMARY.map(
        (name) => `CASE WHEN live.points > 0 THEN live.${name} ELSE series.${name} END AS ${name}`,
      ).join(', ')}
      FROM series LEFT JOIN run_points ON run_points.run_id = series.run_id
      LEFT JOIN LATERAL (
        SELECT count(*) AS points, max(value) FILTER (WHERE age = 1) AS last_value,
          min(value) FILTER (WHERE value <> 'NaN') AS low, max(value) FILTER (WHERE value <> 'NaN') AS high,
          ${[10, 100]
            .map(
              (most) => `sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / least(${most}, total) END)
                FILTER (WHERE age <= ${most}) AS mean${most}`,
            )
            .join(', ')}
        FROM (
          SELECT value, row_number() OVER (ORDER BY step DESC) AS age, count(*) OVER () AS total FROM points
          WHERE points.series_id = series.id AND run_points.waiting > 0
        ) newest
      ) live ON TRUE;
    `);
  }
}

const SUMMARY = ['last_value', 'low', 'high', 'mean10', 'mean100'];

/** What is stored is exact while no points wait. */
const exact = (name: string, live: string) =>
  `CASE WHEN run_points.waiting > 0 THEN (${live}) ELSE series.${name} END AS ${name}`;

const extreme = (aggregate: 'min' | 'max', name: string) =>
  exact(
    name,
    `SELECT ${aggregate}(value) FILTER (WHERE value <> 'NaN') FROM points WHERE points.series_id = series.id`,
  );

/** A division fails if its result is too small. */
const mean = (most: number) =>
  exact(
    `mean${most}`,
    `SELECT sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / total END) FROM (
       SELECT value, count(*) OVER () AS total FROM (
         SELECT value FROM points WHERE points.series_id = series.id ORDER BY step DESC LIMIT ${most}) newest) counted`,
  );
