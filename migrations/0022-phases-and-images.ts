import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a runner is doing with a run. */
export class PhasesAndImages0022 implements MigrationInterface {
  readonly name = 'PhasesAndImages1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE runs ADD COLUMN phase text, ADD CONSTRAINT runs_phase_check CHECK (
        phase IS NULL OR state IN ('RUNNING', 'CANCELING')
        AND phase IN ('PREPARING', 'TRAINING', 'EVALUATING', 'UPLOADING'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN phase');
  }
}
