import type { MigrationInterface, QueryRunner } from 'typeorm';

const PICKS = ['newest', 'best'];
const DETAILS = ['pixel_accuracy', 'ious', 'precisions', 'recalls'];
const SUMMARY = ['last_value', 'low', 'high', 'mean10', 'mean100'];

/** What runs are filtered and sorted by is stored when it is written: scores of classes, and a few numbers for each series. */
export class Filters0023 implements MigrationInterface {
  readonly name = 'Filters1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE class_ious ADD COLUMN precision double precision, ADD COLUMN recall double precision;
      WITH cells AS (
        SELECT id, pixels, (place - 1) / classes AS truth, (place - 1) % classes AS prediction
        FROM (SELECT id, confusion, sqrt(cardinality(confusion))::int AS classes FROM evaluations) matrices
        CROSS JOIN LATERAL unnest(confusion) WITH ORDINALITY AS of (pixels, place)
      ), of_truth AS (
        SELECT id, truth AS class, sum(pixels)::float8 AS pixels,
          (sum(pixels) FILTER (WHERE truth = prediction))::float8 AS hit FROM cells GROUP BY 1, 2
      ), of_prediction AS (
        SELECT id, prediction AS class, sum(pixels)::float8 AS pixels FROM cells GROUP BY 1, 2
      )
      UPDATE class_ious c SET
        precision = CASE WHEN p.pixels > 0 THEN t.hit / p.pixels END, recall = CASE WHEN t.pixels > 0 THEN t.hit / t.pixels END
      FROM of_truth t JOIN of_prediction p USING (id, class)
      WHERE c.evaluation_id = t.id AND c.class_index = t.class;

      ALTER TABLE run_scores ${PICKS.flatMap((pick) =>
        DETAILS.map((name) => `ADD COLUMN ${pick}_${name} double precision${name === 'pixel_accuracy' ? '' : '[]'}`),
      ).join(', ')};
      ${PICKS.map(
        (pick) => `UPDATE run_scores s SET ${pick}_pixel_accuracy = e.pixel_accuracy,
          (${pick}_ious, ${pick}_precisions, ${pick}_recalls) = (
            SELECT array_agg(iou ORDER BY class_index), array_agg(precision ORDER BY class_index),
              array_agg(recall ORDER BY class_index) FROM class_ious WHERE evaluation_id = e.id)
        FROM evaluations e WHERE (e.run_id, e.subset, e.network, e.step) = (s.run_id, s.subset, s.network, s.${pick}_step);`,
      ).join('\n')}

      ALTER TABLE series ${SUMMARY.map((name) => `ADD COLUMN ${name} double precision`).join(', ')};
      CREATE INDEX series_name ON series (name, run_id);
      UPDATE series SET (low, high) = (SELECT min(low), max(high) FROM point_blocks WHERE series_id = series.id),
        last_value = (SELECT last_value FROM point_blocks WHERE series_id = series.id ORDER BY first_step DESC LIMIT 1),
        mean10 = ${meanOfNewest(10)}, mean100 = ${meanOfNewest(100)};

      -- The numbers of series are exact while no points wait. Otherwise, they are computed from the points.
      CREATE VIEW series_summaries AS
      SELECT series.id, series.run_id, series.name, ${SUMMARY.map(
        (name) => `CASE WHEN live.points > 0 THEN live.${name} ELSE series.${name} END AS ${name}`,
      ).join(', ')}
      FROM series LEFT JOIN run_points ON run_points.run_id = series.run_id
      LEFT JOIN LATERAL (
        SELECT count(*) AS points, max(value) FILTER (WHERE age = 1) AS last_value,
          min(value) FILTER (WHERE value <> 'NaN') AS low, max(value) FILTER (WHERE value <> 'NaN') AS high,
          avg(value) FILTER (WHERE age <= 10) AS mean10, avg(value) FILTER (WHERE age <= 100) AS mean100
        FROM (
          SELECT value, row_number() OVER (ORDER BY step DESC) AS age FROM points
          WHERE points.series_id = series.id AND run_points.waiting > 0
        ) newest
      ) live ON TRUE;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW series_summaries;
      DROP INDEX series_name;
      ALTER TABLE series ${SUMMARY.map((name) => `DROP COLUMN ${name}`).join(', ')};
      ALTER TABLE run_scores ${PICKS.flatMap((pick) => DETAILS.map((name) => `DROP COLUMN ${pick}_${name}`)).join(', ')};
      ALTER TABLE class_ious DROP COLUMN precision, DROP COLUMN recall;
    `);
  }
}

const meanOfNewest = (points: number): string => `(SELECT avg(value) FROM (
  SELECT value FROM point_blocks b CROSS JOIN LATERAL unnest(b.values) WITH ORDINALITY AS of (value, place)
  WHERE b.series_id = series.id ORDER BY b.first_step DESC, place DESC LIMIT ${points}) newest)`;
