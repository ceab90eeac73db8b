import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import type { Scores } from '../evaluations/confusion.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { PseudoLabelsRow } from './pseudo-labels.entity.js';
import type { PseudoLabelsArgs, PseudoLabelsInput } from './pseudo-labels.inputs.js';

export class PseudoLabelsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores pixel counts with the scores of their confusion matrix, replacing those of the same network and step. */
  async upsert(
    transaction: Transaction,
    runId: string,
    input: PseudoLabelsInput,
    scores: Pick<Scores, 'meanIou' | 'classIous'> | null,
  ): Promise<void> {
    await transaction.query(
      `/* upsertPseudoLabels */ INSERT INTO pseudo_labels
         (run_id, network, step, labelled_pixels, pseudo_pixels, undecided_pixels, confusion, mean_iou, class_ious)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (run_id, network, step) DO UPDATE SET labelled_pixels = excluded.labelled_pixels,
         pseudo_pixels = excluded.pseudo_pixels, undecided_pixels = excluded.undecided_pixels,
         confusion = excluded.confusion, mean_iou = excluded.mean_iou, class_ious = excluded.class_ious`,
      [
        runId,
        input.network,
        input.step,
        input.labelledPixels,
        input.pseudoPixels,
        input.undecidedPixels,
        input.confusion ?? null,
        scores?.meanIou ?? null,
        scores?.classIous ?? null,
      ],
    );
  }

  /** Oldest first. */
  history(runIds: readonly string[], { network, fromStep, toStep }: PseudoLabelsArgs): Promise<PseudoLabelsRow[]> {
    const query = this.dataSource
      .createQueryBuilder(PseudoLabelsRow, 'row')
      .where('row.run_id = ANY(:ids)', { ids: [...runIds] });
    if (network) query.andWhere({ network });
    if (typeof fromStep === 'number') query.andWhere('row.step >= :fromStep', { fromStep });
    if (typeof toStep === 'number') query.andWhere('row.step <= :toStep', { toStep });
    return query.orderBy('row.step').addOrderBy('row.network').getMany();
  }

  /** The newest step of each run that has pseudo-labels. */
  newestSteps(runIds: readonly string[], network: Predictor): Promise<{ runId: string; step: number }[]> {
    return this.dataSource.query(
      `/* newestPseudoLabels */ SELECT run_id AS "runId", max(step) AS step FROM pseudo_labels
       WHERE run_id = ANY($1) AND network = $2 GROUP BY run_id`,
      [runIds, network],
    );
  }
}
