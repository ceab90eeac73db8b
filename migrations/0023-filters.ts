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
      UPDATE class_ious c SET precision = CASE WHEN predicted > 0 THEN hit / predicted END,
        recall = CASE WHEN truth > 0 THEN hit / truth END
      FROM evaluations e
      CROSS JOIN LATERAL (SELECT sqrt(cardinality(e.confusion))::int AS classes) size
      CROSS JOIN LATERAL (
        SELECT class, of_truth.pixels AS truth, of_prediction.pixels AS predicted, hit
        FROM (
          SELECT (place - 1) / classes AS class, sum(pixels)::float8 AS pixels,
            (sum(pixels) FILTER (WHERE (place - 1) / classes = (place - 1) % classes))::float8 AS hit
          FROM unnest(e.confusion) WITH ORDINALITY AS of (pixels, place) GROUP BY 1
        ) of_truth JOIN (
          SELECT (place - 1) % classes AS class, sum(pixels)::float8 AS pixels
          FROM unnest(e.confusion) WITH ORDINALITY AS of (pixels, place) GROUP BY 1
        ) of_prediction USING (class)
      ) counts
      WHERE c.evaluation_id = e.id AND c.class_index = class;

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

/** Postgres' avg also adds up squares, which fails for values above 1e154; a division fails if its result is too small. */
const meanOfNewest = (points: number): string => `(
  SELECT sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / points END) FROM (
    SELECT value, count(*) OVER () AS points FROM (
      SELECT value FROM point_blocks b CROSS JOIN LATERAL unnest(b.values) WITH ORDINALITY AS of (value, place)
      WHERE b.series_id = series.id ORDER BY b.first_step DESC, place DESC LIMIT ${points}) newest) counted)`;
