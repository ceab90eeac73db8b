import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The time of each waiting point, as its runner says, and room for the updates of reports. */
export class PointTimes0020 implements MigrationInterface {
  readonly name = 'PointTimes1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE point_batches ADD COLUMN first_time timestamptz, ADD COLUMN times integer[];
      -- Readers bound how much they read by the stored size, which must not be that of compressed values.
      ALTER TABLE point_batches ALTER COLUMN values SET STORAGE EXTERNAL;
      -- A report changes a row of each, which stays on its page as long as there is room.
      ALTER TABLE runs SET (fillfactor = 50);
      ALTER TABLE attempts SET (fillfactor = 50);
    `);
    await runner.query(
      view(
        `coalesce(
          b.first_time + CASE WHEN b.times IS NULL THEN 0 ELSE p.time END * interval '1 millisecond', b.at)`,
        ', b.times',
      ),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(view('b.at', ''));
    await runner.query(`
      ALTER TABLE attempts RESET (fillfactor);
      ALTER TABLE runs RESET (fillfactor);
      ALTER TABLE point_batches ALTER COLUMN values SET STORAGE EXTENDED;
      ALTER TABLE point_batches DROP COLUMN first_time, DROP COLUMN times;
    `);
  }
}

/** The view of all points, by the time of a waiting one. */
function view(time: string, times: string): string {
  return `
      CREATE OR REPLACE VIEW points AS
      SELECT DISTINCT ON (series_id, step) series_id, step, value, time
      FROM (
        SELECT b.series_id, b.first_step + o.step AS step, o.value, b.first_time + o.time * interval '1 millisecond' AS time,
          0::bigint AS number, 0::bigint AS place
        FROM point_blocks b CROSS JOIN LATERAL unnest(b.steps, b.values, b.times) AS o (step, value, time)
        UNION ALL
        SELECT s.id, p.step, p.value, ${time}, b.number, p.place
        FROM series s JOIN run_points r ON r.run_id = s.run_id
        JOIN point_batches b ON b.run_id = s.run_id AND b.number > r.rolled_up
        CROSS JOIN LATERAL unnest(b.series, b.steps, b.values${times}) WITH ORDINALITY
          AS p (series, step, value${times && ', time'}, place)
        WHERE p.series = s.id
      ) AS stored
      ORDER BY series_id, step, number DESC, place DESC`;
}
