import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * PostgreSQL compresses the configuration of a run if the row has more than 2,000 bytes, which it has since configurations have
 * version 3. A filter by a setting then decompresses that of every run, which takes several times as long. Rows of up to 4,000
 * bytes stay as they are, so that two fit on a page.
 */
export class ReadableConfigs0029 implements MigrationInterface {
  readonly name = 'ReadableConfigs1764000000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs SET (toast_tuple_target = 4080)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs RESET (toast_tuple_target)');
  }
}
