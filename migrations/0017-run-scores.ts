import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The newest and the best mIoU of a run and the number of pixels of an evaluation, so that lists and tables need to read neither
 * all evaluations nor their confusion matrices.
 */
export class RunScores0017 implements MigrationInterface {
  readonly name = 'RunScores1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE run_scores (
        run_id uuid NOT NULL,
        subset text NOT NULL CONSTRAINT run_scores_subset_check CHECK (subset IN ('TRAIN', 'VAL', 'TEST')),
        network text NOT NULL CONSTRAINT run_scores_network_check CHECK (network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')),
        newest_step integer NOT NULL,
        newest_mean_iou double precision,
        best_step integer NOT NULL,
        best_mean_iou double precision,
        CONSTRAINT run_scores_pkey PRIMARY KEY (run_id, subset, network),
        CONSTRAINT run_scores_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
      );
      INSERT INTO run_scores (run_id, subset, network, newest_step, newest_mean_iou, best_step, best_mean_iou)
      SELECT run_id, subset, network,
        (array_agg(step ORDER BY step DESC))[1], (array_agg(mean_iou ORDER BY step DESC))[1],
        (array_agg(step ORDER BY mean_iou DESC NULLS LAST, step))[1], max(mean_iou)
      FROM evaluations GROUP BY run_id, subset, network;

      ALTER TABLE evaluations ADD COLUMN pixels bigint;
      -- No more than 2^53 - 1, the largest number that the server reads exactly.
      UPDATE evaluations SET pixels = (SELECT least(coalesce(sum(cell), 0), 9007199254740991) FROM unnest(confusion) AS of (cell));
      ALTER TABLE evaluations ALTER COLUMN pixels SET NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE evaluations DROP COLUMN pixels; DROP TABLE run_scores');
  }
}
