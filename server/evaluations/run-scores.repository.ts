import type { Transaction } from '../database/transaction.js';
import type { EvaluationKey } from './evaluation-key.js';

/**
 * Brings the newest and the best scores of a run up to date with evaluations that were just stored. Only if one of them was
 * replaced, which may have been the best, are all others of the same network and subset read again.
 */
export async function updateRunScores(
  transaction: Transaction,
  runId: string,
  stored: readonly (EvaluationKey & { isNew: boolean })[],
): Promise<void> {
  await transaction.query(
    `/* updateRunScores */ INSERT INTO run_scores
       (run_id, subset, network, newest_step, newest_mean_iou, best_step, best_mean_iou)
     SELECT run_id, subset, network,
       (array_agg(step ORDER BY step DESC))[1], (array_agg(mean_iou ORDER BY step DESC))[1],
       (array_agg(step ORDER BY mean_iou DESC NULLS LAST, step))[1], max(mean_iou)
     FROM evaluations LEFT JOIN run_scores kept USING (run_id, subset, network)
     WHERE run_id = $1 AND (subset, network) IN (SELECT * FROM unnest($2::text[], $3::text[]))
       AND ($4 OR step = ANY ($5::int[]) OR step IN (kept.newest_step, kept.best_step))
     GROUP BY run_id, subset, network
     ON CONFLICT (run_id, subset, network) DO UPDATE SET newest_step = excluded.newest_step,
       newest_mean_iou = excluded.newest_mean_iou, best_step = excluded.best_step,
       best_mean_iou = excluded.best_mean_iou`,
    [
      runId,
      stored.map(({ subset }) => subset),
      stored.map(({ network }) => network),
      stored.some(({ isNew }) => !isNew),
      stored.map(({ step }) => step),
    ],
  );
  for (const pick of ['newest', 'best']) await copyDetails(transaction, runId, stored, pick);
}

/** Copies the scores of the newest or the best evaluation, which lists are filtered by. */
async function copyDetails(
  transaction: Transaction,
  runId: string,
  stored: readonly EvaluationKey[],
  pick: string,
): Promise<void> {
  await transaction.query(
    `/* copyScores */ UPDATE run_scores s SET ${pick}_pixel_accuracy = e.pixel_accuracy,
       (${pick}_ious, ${pick}_precisions, ${pick}_recalls) = (
         SELECT array_agg(iou ORDER BY class_index), array_agg(precision ORDER BY class_index),
           array_agg(recall ORDER BY class_index) FROM class_ious WHERE evaluation_id = e.id)
     FROM evaluations e
     WHERE s.run_id = $1 AND (e.run_id, e.subset, e.network, e.step) = (s.run_id, s.subset, s.network, s.${pick}_step)
       AND (s.subset, s.network) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
    [runId, stored.map(({ subset }) => subset), stored.map(({ network }) => network)],
  );
}
