import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a runner says about its machine: that training hangs, and why the machine cannot train at the moment. */
export class Endings0012 implements MigrationInterface {
  readonly name = 'Endings1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE alarms DROP CONSTRAINT alarms_kind_check, ADD CONSTRAINT alarms_kind_check
        CHECK (kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP', 'STALLED'));
      ALTER TABLE runners ADD COLUMN problem text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runners DROP COLUMN problem;
      DELETE FROM alarms WHERE kind = 'STALLED';
      ALTER TABLE alarms DROP CONSTRAINT alarms_kind_check, ADD CONSTRAINT alarms_kind_check
        CHECK (kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP'));
    `);
  }
}
