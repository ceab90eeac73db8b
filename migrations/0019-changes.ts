import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers what is written to a run, so that a subscriber can continue where it was (docs/live.md). A run counts its changes under
 * its row lock, so a row that commits later has a higher number. Rows from before have 0.
 */
export class Changes0019 implements MigrationInterface {
  readonly name = 'Changes1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    // Constant defaults rewrite no table, and the partial indexes begin empty.
    await runner.query(`
      ALTER TABLE runs ADD COLUMN changes bigint NOT NULL DEFAULT 0;
      ALTER TABLE evaluations ADD COLUMN change bigint NOT NULL DEFAULT 0;
      ALTER TABLE sample_images ADD COLUMN change bigint NOT NULL DEFAULT 0;
      ALTER TABLE samples ADD COLUMN change bigint NOT NULL DEFAULT 0;
      ALTER TABLE alarms ADD COLUMN change bigint NOT NULL DEFAULT 0;
      CREATE INDEX evaluations_change ON evaluations (run_id, change) WHERE change > 0;
      CREATE INDEX samples_change ON samples (run_id, change) WHERE change > 0;

      CREATE TABLE retracted_alarms (
        run_id uuid NOT NULL,
        change bigint NOT NULL,
        alarm_id uuid NOT NULL,
        CONSTRAINT retracted_alarms_pkey PRIMARY KEY (run_id, change, alarm_id),
        CONSTRAINT retracted_alarms_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      ALTER TABLE point_batches ADD COLUMN cut_after bigint;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM point_batches WHERE cut_after IS NOT NULL;
      ALTER TABLE point_batches DROP COLUMN cut_after;
      DROP TABLE retracted_alarms;
      ALTER TABLE alarms DROP COLUMN change;
      ALTER TABLE samples DROP COLUMN change;
      ALTER TABLE sample_images DROP COLUMN change;
      ALTER TABLE evaluations DROP COLUMN change;
      ALTER TABLE runs DROP COLUMN changes;
    `);
  }
}
