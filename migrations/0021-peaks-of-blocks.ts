import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Blocks know the extremes of each group of 30 points, and when their earliest and latest points were recorded
 * (docs/decisions/0008-histories-keep-their-extremes.md). Blocks that were stored before do not know the former: they are
 * opened where it is needed.
 */
export class PeaksOfBlocks0021 implements MigrationInterface {
  readonly name = 'PeaksOfBlocks1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE point_blocks ADD COLUMN earliest integer, ADD COLUMN latest integer, ADD COLUMN peaks smallint[];
      ALTER TABLE point_blocks ALTER COLUMN peaks SET STORAGE EXTERNAL;
      UPDATE point_blocks SET (earliest, latest) = (SELECT min(time), max(time) FROM unnest(times) AS time)
      WHERE array_position(times, NULL) IS NULL AND times IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE point_blocks DROP COLUMN earliest, DROP COLUMN latest, DROP COLUMN peaks');
  }
}
