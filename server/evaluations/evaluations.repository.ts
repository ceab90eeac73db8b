import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import type { Scores } from './confusion.js';
import { ClassIouRow, Evaluation, Pick, type Predictor, type Subset } from './evaluation.entity.js';
import type { EvaluationInput, EvaluationsArgs } from './evaluations.inputs.js';

const ORDER: Record<Pick, string> = {
  [Pick.NEWEST]: 'step DESC',
  [Pick.BEST]: 'mean_iou DESC NULLS LAST, step ASC',
};

export class EvaluationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores an evaluation, replacing one of the same subset, network and step. */
  async upsert(transaction: Transaction, runId: string, input: EvaluationInput, scores: Scores): Promise<void> {
    const [row] = await transaction.query<{ id: string }[]>(
      `/* upsertEvaluation */ INSERT INTO evaluations
         (run_id, subset, network, step, confusion, mean_iou, pixel_accuracy, frequency_weighted_iou)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (run_id, subset, network, step) DO UPDATE SET confusion = excluded.confusion,
         mean_iou = excluded.mean_iou, pixel_accuracy = excluded.pixel_accuracy,
         frequency_weighted_iou = excluded.frequency_weighted_iou
       RETURNING id`,
      [
        runId,
        input.subset,
        input.network,
        input.step,
        input.confusion,
        scores.meanIou,
        scores.pixelAccuracy,
        scores.frequencyWeightedIou,
      ],
    );
    await transaction.query(
      `/* upsertClassIous */ INSERT INTO class_ious (evaluation_id, class_index, iou)
       SELECT $1, ordinal - 1, iou FROM unnest($2::float8[]) WITH ORDINALITY AS of_class (iou, ordinal)
       ON CONFLICT (evaluation_id, class_index) DO UPDATE SET iou = excluded.iou`,
      [row!.id, scores.classIous],
    );
  }

  /** The picked evaluation of each run that has one. */
  async picked(runIds: readonly string[], pick: Pick, network: Predictor, subset: Subset): Promise<Evaluation[]> {
    const ids = await this.dataSource.query<{ id: string }[]>(
      `/* pickEvaluations */ SELECT DISTINCT ON (run_id) id FROM evaluations
       WHERE run_id = ANY ($1) AND network = $2 AND subset = $3 ORDER BY run_id, ${ORDER[pick]}`,
      [runIds, network, subset],
    );
    return this.dataSource
      .createQueryBuilder(Evaluation, 'evaluation')
      .where('evaluation.id = ANY(:ids)', { ids: ids.map(({ id }) => id) })
      .getMany();
  }

  /** The subsets on which BRANCH1 was evaluated at this step. */
  async subsetsAt(transaction: Transaction, runId: string, step: number): Promise<Subset[]> {
    const rows = await transaction.query<{ subset: Subset }[]>(
      `/* evaluatedSubsets */ SELECT subset FROM evaluations WHERE run_id = $1 AND step = $2 AND network = 'BRANCH1'`,
      [runId, step],
    );
    return rows.map(({ subset }) => subset);
  }

  /** Oldest first. */
  history(runId: string, { network, subset, fromStep, toStep }: EvaluationsArgs): Promise<Evaluation[]> {
    const query = this.dataSource.createQueryBuilder(Evaluation, 'evaluation').where({ runId });
    if (network) query.andWhere({ network });
    if (subset) query.andWhere({ subset });
    if (typeof fromStep === 'number') query.andWhere('evaluation.step >= :fromStep', { fromStep });
    if (typeof toStep === 'number') query.andWhere('evaluation.step <= :toStep', { toStep });
    return query.orderBy('evaluation.step').addOrderBy('evaluation.network').addOrderBy('evaluation.subset').getMany();
  }

  /** Sorted by evaluation, then by class. */
  classIous(evaluationIds: readonly string[]): Promise<ClassIouRow[]> {
    return this.dataSource
      .createQueryBuilder(ClassIouRow, 'row')
      .where('row.evaluation_id = ANY(:ids)', { ids: [...evaluationIds] })
      .orderBy('row.evaluation_id')
      .addOrderBy('row.class_index')
      .getMany();
  }

  /** The dataset of each run. */
  datasetIds(runIds: readonly string[]): Promise<{ runId: string; datasetId: string }[]> {
    return this.dataSource.query(
      '/* datasetsOfRuns */ SELECT id AS "runId", dataset_id AS "datasetId" FROM runs WHERE id = ANY ($1)',
      [runIds],
    );
  }
}
