import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a dataset holds and what looks wrong with it, and with the part of it that a run uses. */
export class DatasetWarnings0014 implements MigrationInterface {
  readonly name = 'DatasetWarnings1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE datasets ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]', ADD COLUMN facts jsonb;
      ALTER TABLE alarms DROP CONSTRAINT alarms_kind_check, ADD CONSTRAINT alarms_kind_check
        CHECK (kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP', 'STALLED', 'DATA'));
      -- Several things may be wrong with the data, all at the first step, so the message tells these alarms apart.
      DROP INDEX alarms_once;
      CREATE UNIQUE INDEX alarms_once ON alarms (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1),
        (CASE WHEN kind = 'DATA' THEN md5(message) ELSE '' END));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM alarms WHERE kind = 'DATA';
      DROP INDEX alarms_once;
      CREATE UNIQUE INDEX alarms_once ON alarms (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1));
      ALTER TABLE alarms DROP CONSTRAINT alarms_kind_check, ADD CONSTRAINT alarms_kind_check
        CHECK (kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP', 'STALLED'));
      ALTER TABLE datasets DROP COLUMN facts, DROP COLUMN warnings;
    `);
  }
}
