import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Points in blocks of 480, behind batches in which new ones wait (docs/decisions/0018-points.md). `points` becomes a view. */
export class PointsInBlocks0018 implements MigrationInterface {
  readonly name = 'PointsInBlocks1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE run_points (
        run_id uuid NOT NULL,
        batches bigint NOT NULL DEFAULT 0,
        rolled_up bigint NOT NULL DEFAULT 0,
        waiting integer NOT NULL DEFAULT 0,
        series integer[] NOT NULL DEFAULT '{}',
        last_steps bigint[] NOT NULL DEFAULT '{}',
        last_values double precision[] NOT NULL DEFAULT '{}',
        CONSTRAINT run_points_pkey PRIMARY KEY (run_id),
        CONSTRAINT run_points_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      ) WITH (fillfactor = 50);

      CREATE TABLE point_batches (
        run_id uuid NOT NULL,
        number bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        series integer[] NOT NULL,
        steps bigint[] NOT NULL,
        values double precision[] NOT NULL,
        CONSTRAINT point_batches_pkey PRIMARY KEY (run_id, number),
        CONSTRAINT point_batches_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );

      CREATE TABLE point_blocks (
        series_id integer NOT NULL,
        first_step bigint NOT NULL,
        last_step bigint NOT NULL,
        points integer NOT NULL,
        first_time timestamptz,
        last_time integer,
        first_value double precision NOT NULL,
        last_value double precision NOT NULL,
        low double precision,
        low_step bigint,
        low_time integer,
        high double precision,
        high_step bigint,
        high_time integer,
        nan_step bigint,
        nan_time integer,
        steps integer[] NOT NULL,
        values double precision[] NOT NULL,
        times integer[],
        CONSTRAINT point_blocks_pkey PRIMARY KEY (series_id, first_step),
        CONSTRAINT point_blocks_series_id_fkey FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE
      ) WITH (toast_tuple_target = 8160);
      -- A block fills a page: compressing it would only take time.
      ALTER TABLE point_blocks ALTER COLUMN steps SET STORAGE EXTERNAL, ALTER COLUMN values SET STORAGE EXTERNAL,
        ALTER COLUMN times SET STORAGE EXTERNAL;

      INSERT INTO point_blocks (series_id, first_step, last_step, points, first_value, last_value, low, low_step, high,
        high_step, nan_step, steps, values)
      SELECT series_id, min(step), max(step), count(*), (array_agg(value ORDER BY step))[1],
        (array_agg(value ORDER BY step DESC))[1],
        min(value) FILTER (WHERE value <> 'NaN'), (array_agg(step ORDER BY value, step) FILTER (WHERE value <> 'NaN'))[1],
        max(value) FILTER (WHERE value <> 'NaN'), (array_agg(step ORDER BY value DESC, step) FILTER (WHERE value <> 'NaN'))[1],
        min(step) FILTER (WHERE value = 'NaN'), array_agg(step - first_step ORDER BY step), array_agg(value ORDER BY step)
      FROM (
        SELECT *, min(step) OVER (PARTITION BY series_id, block) AS first_step
        FROM (SELECT *, (row_number() OVER (PARTITION BY series_id ORDER BY step) - 1) / 480 AS block FROM points) numbered
      ) placed
      GROUP BY series_id, block;

      INSERT INTO run_points (run_id, series, last_steps, last_values)
      SELECT run_id, array_agg(id ORDER BY id), array_agg(last_step ORDER BY id), array_agg(last_value ORDER BY id)
      FROM series CROSS JOIN LATERAL (
        SELECT last_step, last_value FROM point_blocks WHERE series_id = id ORDER BY first_step DESC LIMIT 1) newest
      GROUP BY run_id;

      DROP TABLE points;
      CREATE VIEW points AS
      SELECT DISTINCT ON (series_id, step) series_id, step, value, time
      FROM (
        SELECT b.series_id, b.first_step + o.step AS step, o.value, b.first_time + o.time * interval '1 millisecond' AS time,
          0::bigint AS number, 0::bigint AS place
        FROM point_blocks b CROSS JOIN LATERAL unnest(b.steps, b.values, b.times) AS o (step, value, time)
        UNION ALL
        SELECT s.id, p.step, p.value, b.at, b.number, p.place
        FROM series s JOIN run_points r ON r.run_id = s.run_id
        JOIN point_batches b ON b.run_id = s.run_id AND b.number > r.rolled_up
        CROSS JOIN LATERAL unnest(b.series, b.steps, b.values) WITH ORDINALITY AS p (series, step, value, place)
        WHERE p.series = s.id
      ) AS stored
      ORDER BY series_id, step, number DESC, place DESC;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rows (
        series_id integer NOT NULL,
        step integer NOT NULL,
        value double precision NOT NULL,
        CONSTRAINT points_pkey PRIMARY KEY (series_id, step),
        CONSTRAINT points_series_id_fkey FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE
      );
      INSERT INTO rows SELECT series_id, step, value FROM points;
      DROP VIEW points;
      ALTER TABLE rows RENAME TO points;
      DROP TABLE point_blocks, point_batches, run_points;
    `);
  }
}
