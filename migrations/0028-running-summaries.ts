import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The view series_summaries reads the end of a series that is still written, rather than all of its points. */
export class RunningSummaries0028 implements MigrationInterface {
  readonly name = 'RunningSummaries1764000000028';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(view(extreme, mean));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(view(extremeOfAll, meanOfAll));
  }
}

/** The view, each of whose numbers is computed only where it is asked for. What is stored is exact while no points wait. */
function view(extremeOf: typeof extreme, meanOf: typeof mean): string {
  const column = (name: string, live: string) =>
    `CASE WHEN run_points.waiting > 0 THEN (${live}) ELSE series.${name} END AS ${name}`;
  return `
    CREATE OR REPLACE VIEW series_summaries AS
    SELECT series.id, series.run_id, series.name,
      run_points.last_values[array_position(run_points.series, series.id)] AS last_value,
      ${column('low', extremeOf('min', 'low'))}, ${column('high', extremeOf('max', 'high'))},
      ${column('mean10', meanOf(10))}, ${column('mean100', meanOf(100))}
    FROM series LEFT JOIN run_points ON run_points.run_id = series.run_id;
  `;
}

/**
 * `changing` has the points that wait, and those of the blocks that a waiting point may fall into. Waiting points come after all others,
 * unless they are late: then these are the blocks from the first of them on.
 */
const CHANGING = `
  WITH waiting AS MATERIALIZED (
    SELECT DISTINCT ON (p.step) p.step, p.value
    FROM point_batches b CROSS JOIN LATERAL unnest(b.series, b.steps, b.values) WITH ORDINALITY AS p (series, step, value, place)
    WHERE b.run_id = series.run_id AND b.number > run_points.rolled_up AND p.series = series.id
    ORDER BY p.step, b.number DESC, p.place DESC
  ), first AS MATERIALIZED (
    SELECT min(step) AS step FROM waiting
  ), touched AS MATERIALIZED (
    SELECT b.first_step, b.steps, b.values FROM first, point_blocks b
    WHERE b.series_id = series.id AND b.last_step >= first.step AND b.first_step >= coalesce(
      (SELECT max(first_step) FROM point_blocks WHERE series_id = series.id AND first_step <= first.step), first.step)
  ), changing AS MATERIALIZED (
    SELECT step, value FROM waiting
    UNION ALL
    SELECT b.first_step + o.step, o.value FROM touched b CROSS JOIN LATERAL unnest(b.steps, b.values) AS o (step, value)
    WHERE NOT EXISTS (SELECT FROM waiting WHERE waiting.step = b.first_step + o.step)
  )`;

/** If other points of this run wait, but none of this series, nothing is touched, and what is stored counts. */
function extreme(aggregate: 'min' | 'max', name: string): string {
  return `${CHANGING}
    SELECT ${aggregate === 'min' ? 'least' : 'greatest'}(
      CASE WHEN EXISTS (SELECT FROM touched) THEN (
        SELECT ${aggregate}(${name}) FROM first, point_blocks b WHERE b.series_id = series.id AND b.last_step < first.step)
      ELSE series.${name} END,
      (SELECT ${aggregate}(value) FROM changing WHERE value <> 'NaN'))`;
}

/** A division fails if its result is too small. */
function mean(most: number): string {
  return `${CHANGING}
    SELECT CASE WHEN first.step IS NULL THEN series.mean${most} ELSE (
      SELECT sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / total END) FROM (
        SELECT value, count(*) OVER () AS total FROM (
          (SELECT step, value FROM changing ORDER BY step DESC LIMIT ${most})
          UNION ALL
          (SELECT b.first_step + o.step, o.value FROM point_blocks b
           CROSS JOIN LATERAL unnest(b.steps, b.values) AS o (step, value)
           WHERE b.series_id = series.id AND b.first_step < first.step AND b.last_step < first.step
           ORDER BY b.first_step DESC, o.step DESC LIMIT ${most})
          ORDER BY step DESC LIMIT ${most}) newest) counted) END
    FROM first`;
}

const extremeOfAll: typeof extreme = (aggregate) =>
  `SELECT ${aggregate}(value) FILTER (WHERE value <> 'NaN') FROM points WHERE points.series_id = series.id`;

const meanOfAll: typeof mean = (most) =>
  `SELECT sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / total END) FROM (
     SELECT value, count(*) OVER () AS total FROM (
       SELECT value FROM points WHERE points.series_id = series.id ORDER BY step DESC LIMIT ${most}) newest) counted`;
