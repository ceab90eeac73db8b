import type { DataSource } from 'typeorm';
import { arrayLiteral } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { Scores } from '../evaluations/confusion.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { PseudoLabelsRow } from './pseudo-labels.entity.js';
import type { PseudoLabelsArgs, PseudoLabelsInput } from './pseudo-labels.inputs.js';

/** Pixel counts in a report, with the scores of their confusion matrix, if they have one. */
export interface ScoredPseudoLabels extends PseudoLabelsInput {
  scores: Pick<Scores, 'meanIou' | 'classIous'> | null;
}

export class PseudoLabelsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores pixel counts, replacing those of the same network and step. No two of one call may have both in common. */
  async upsert(transaction: Transaction, runId: string, counts: readonly ScoredPseudoLabels[]): Promise<void> {
    await transaction.query(
      `/* upsertPseudoLabels */ INSERT INTO pseudo_labels
         (run_id, network, step, labelled_pixels, pseudo_pixels, undecided_pixels, confusion, mean_iou, class_ious)
       SELECT $1, given.network, given.step, given.labelled::bigint[], given.pseudo::bigint[], given.undecided,
         given.confusion::bigint[], given.mean_iou, given.class_ious::float8[]
       FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::float8[], $9::text[])
         AS given (network, step, labelled, pseudo, undecided, confusion, mean_iou, class_ious)
       ON CONFLICT (run_id, network, step) DO UPDATE SET labelled_pixels = excluded.labelled_pixels,
         pseudo_pixels = excluded.pseudo_pixels, undecided_pixels = excluded.undecided_pixels,
         confusion = excluded.confusion, mean_iou = excluded.mean_iou, class_ious = excluded.class_ious`,
      [
        runId,
        counts.map(({ network }) => network),
        counts.map(({ step }) => step),
        counts.map(({ labelledPixels }) => arrayLiteral(labelledPixels)),
        counts.map(({ pseudoPixels }) => arrayLiteral(pseudoPixels)),
        counts.map(({ undecidedPixels }) => undecidedPixels),
        counts.map(({ confusion }) => (confusion ? arrayLiteral(confusion) : null)),
        counts.map(({ scores }) => scores?.meanIou ?? null),
        counts.map(({ scores }) => (scores ? arrayLiteral(scores.classIous) : null)),
      ],
    );
  }

  /** Up to `limit` rows, oldest first. */
  history(
    runIds: readonly string[],
    { network, fromStep, toStep }: PseudoLabelsArgs,
    limit: number,
  ): Promise<PseudoLabelsRow[]> {
    const query = this.dataSource
      .createQueryBuilder(PseudoLabelsRow, 'row')
      .where('row.run_id = ANY(:ids)', { ids: [...runIds] });
    if (network) query.andWhere({ network });
    if (typeof fromStep === 'number') query.andWhere('row.step >= :fromStep', { fromStep });
    if (typeof toStep === 'number') query.andWhere('row.step <= :toStep', { toStep });
    return query.orderBy('row.step').addOrderBy('row.network').limit(limit).getMany();
  }

  /** The newest row of each run that has one. */
  async newest(runIds: readonly string[], network: Predictor): Promise<PseudoLabelsRow[]> {
    return this.dataSource
      .createQueryBuilder(PseudoLabelsRow, 'row')
      .distinctOn(['row.run_id'])
      .where('row.run_id = ANY(:ids)', { ids: [...runIds] })
      .andWhere({ network })
      .orderBy('row.run_id')
      .addOrderBy('row.step', 'DESC')
      .getMany();
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
