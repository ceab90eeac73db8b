import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dataset may have training images without a label; those known so far have none. */
export class UnlabelledImages0005 implements MigrationInterface {
  readonly name = 'UnlabelledImages1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE datasets ADD COLUMN unlabelled_images integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE datasets DROP COLUMN unlabelled_images');
  }
}
