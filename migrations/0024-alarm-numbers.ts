import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers all alarms in the order in which they are raised, so that a subscriber to those of all runs can continue where it was. */
export class AlarmNumbers0024 implements MigrationInterface {
  readonly name = 'AlarmNumbers1764000000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE alarms ADD COLUMN number bigint NOT NULL DEFAULT 0;
      UPDATE alarms SET number = place
      FROM (SELECT id, row_number() OVER (ORDER BY created_at, run_id, step, id) AS place FROM alarms) placed
      WHERE placed.id = alarms.id;
      CREATE INDEX alarms_number ON alarms (number);

      CREATE TABLE alarm_counter (
        id smallint NOT NULL DEFAULT 1,
        newest bigint NOT NULL,
        CONSTRAINT alarm_counter_pkey PRIMARY KEY (id),
        CONSTRAINT alarm_counter_id_check CHECK (id = 1)
      );
      INSERT INTO alarm_counter (newest) SELECT coalesce(max(number), 0) FROM alarms;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE alarm_counter;
      ALTER TABLE alarms DROP COLUMN number;
    `);
  }
}
