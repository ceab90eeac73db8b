import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import type { Predictor, Subset } from './evaluation.entity.js';

/** The images of an evaluation, as they are stored. */
export interface StoredImages {
  ids: readonly string[];
  counts: Buffer;
}

/** An evaluation that was just stored. Its images are null if it was reported without them. */
interface StoredEvaluation {
  subset: Subset;
  network: Predictor;
  step: number;
  images: StoredImages | null;
}

/**
 * Stores the images of those evaluations that are now the newest or the best of their network and subset, and deletes those of
 * earlier ones that no longer are, or that were replaced. run_scores must be up to date.
 */
export async function keepImages(
  transaction: Transaction,
  runId: string,
  evaluations: readonly StoredEvaluation[],
): Promise<void> {
  await transaction.query(
    `/* keepImages */ WITH stored AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::json[], $6::bytea[])
         AS stored (subset, network, step, image_ids, counts)
     ), dropped AS (
       DELETE FROM evaluation_images images USING run_scores scores
       WHERE images.run_id = $1 AND scores.run_id = $1
         AND scores.subset = images.subset AND scores.network = images.network
         AND (images.step NOT IN (scores.newest_step, scores.best_step)
           OR (images.subset, images.network, images.step) IN
             (SELECT subset, network, step FROM stored WHERE counts IS NULL))
     )
     INSERT INTO evaluation_images (run_id, subset, network, step, image_ids, counts)
     SELECT $1, subset, network, stored.step, ARRAY(SELECT json_array_elements_text(image_ids)), counts
     FROM stored JOIN run_scores scores USING (subset, network)
     WHERE scores.run_id = $1 AND stored.step IN (scores.newest_step, scores.best_step) AND counts IS NOT NULL
     ON CONFLICT (run_id, subset, network, step) DO UPDATE
       SET image_ids = excluded.image_ids, counts = excluded.counts`,
    [
      runId,
      evaluations.map(({ subset }) => subset),
      evaluations.map(({ network }) => network),
      evaluations.map(({ step }) => step),
      evaluations.map(({ images }) => images && JSON.stringify(images.ids)),
      evaluations.map(({ images }) => images?.counts ?? null),
    ],
  );
}

export class ImagesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** How many bytes the counts of these evaluations have in all. */
  async sizeOf(evaluationIds: readonly string[]): Promise<number> {
    const [row] = await this.dataSource.query<[{ bytes: number }]>(
      `/* sizeOfImages */ SELECT coalesce(sum(octet_length(counts)), 0)::bigint AS bytes
       FROM evaluations JOIN evaluation_images USING (run_id, subset, network, step) WHERE id = ANY ($1)`,
      [evaluationIds],
    );
    return row.bytes;
  }

  /** The images of those of the evaluations that have them. */
  of(evaluationIds: readonly string[]): Promise<(StoredImages & { evaluationId: string })[]> {
    return this.dataSource.query(
      `/* imagesOfEvaluations */ SELECT id AS "evaluationId", image_ids AS ids, counts
       FROM evaluations JOIN evaluation_images USING (run_id, subset, network, step) WHERE id = ANY ($1)`,
      [evaluationIds],
    );
  }
}
