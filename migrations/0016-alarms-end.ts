import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An alarm has a step at which it was over. */
export class AlarmsEnd0016 implements MigrationInterface {
  readonly name = 'AlarmsEnd1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE alarms ADD COLUMN over_step integer,
        ADD CONSTRAINT alarms_over_step_check CHECK (over_step >= step);
      -- Nobody has said when the earlier alarms were over. One that was raised again was over at that step at the latest.
      UPDATE alarms SET over_step = later.step
      FROM (SELECT id, lead(step) OVER (PARTITION BY run_id, kind, network, class_index ORDER BY step) AS step
        FROM alarms WHERE kind NOT IN ('STALLED', 'DATA')) AS later
      WHERE alarms.id = later.id;
      -- A process that hung has continued or was replaced if its run completed or was claimed again.
      UPDATE alarms SET over_step = step
      WHERE kind = 'STALLED' AND (
        EXISTS (SELECT FROM runs WHERE runs.id = run_id AND state = 'COMPLETED')
        OR EXISTS (SELECT FROM attempts WHERE attempts.run_id = alarms.run_id AND started_at > alarms.created_at));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alarms DROP COLUMN over_step');
  }
}
