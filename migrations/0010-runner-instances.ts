import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which copy of a runner's home speaks for the runner. */
export class RunnerInstances0010 implements MigrationInterface {
  readonly name = 'RunnerInstances1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runners ADD COLUMN instance_id uuid, ADD COLUMN instance_host text, ADD COLUMN instance_since timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runners DROP COLUMN instance_since, DROP COLUMN instance_host, DROP COLUMN instance_id;
    `);
  }
}
