import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a runner is doing with a run, and for the newest and the best evaluations, the confusion of each image. */
export class PhasesAndImages0022 implements MigrationInterface {
  readonly name = 'PhasesAndImages1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs ADD COLUMN phase text, ADD CONSTRAINT runs_phase_check CHECK (
        phase IS NULL OR state IN ('RUNNING', 'CANCELING')
        AND phase IN ('PREPARING', 'TRAINING', 'EVALUATING', 'UPLOADING'));

      CREATE TABLE evaluation_images (
        run_id uuid NOT NULL,
        subset text NOT NULL,
        network text NOT NULL,
        step integer NOT NULL,
        image_ids text[] NOT NULL,
        counts bytea NOT NULL,
        CONSTRAINT evaluation_images_pkey PRIMARY KEY (run_id, subset, network, step),
        CONSTRAINT evaluation_images_evaluation_fkey FOREIGN KEY (run_id, subset, network, step)
          REFERENCES evaluations (run_id, subset, network, step) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE evaluation_images; ALTER TABLE runs DROP COLUMN phase');
  }
}
