import { type DataSource, In } from 'typeorm';
import { arrayLiteral } from '../database/batches.js';
import { between, type ChangeRange, endOfPage } from '../database/changes.js';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import type { Scores } from './confusion.js';
import { Evaluation, Pick, type Predictor, type Subset } from './evaluation.entity.js';
import { type EvaluationKey, evaluationKey } from './evaluation-key.js';
import type { EvaluationInput, EvaluationsArgs } from './evaluations.inputs.js';
import { keepImages, type StoredImages } from './images.repository.js';
import { updateRunScores } from './run-scores.repository.js';

/** The column of run_scores with the step of the picked evaluation. */
const STEP_OF: Record<Pick, string> = { [Pick.NEWEST]: 'newest_step', [Pick.BEST]: 'best_step' };

/** The scores of each class in an evaluation, by index. */
export type StoredClassScores = Record<'ious' | 'precisions' | 'recalls', (number | null)[]>;

/** An evaluation in a report, with what is computed from its confusion matrix. */
export interface ScoredEvaluation extends Omit<EvaluationInput, 'images'> {
  images: StoredImages | null;
  pixels: number;
  scores: Scores;
}

export class EvaluationsRepository {
  private readonly reader: EntityReader<Evaluation>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Evaluation, 'evaluation');
  }

  byIds(ids: readonly string[]): Promise<Evaluation[]> {
    return this.reader.find('evaluationsByIds', 'FROM evaluations evaluation WHERE evaluation.id = ANY ($1)', [ids]);
  }

  /**
   * Stores evaluations, replacing those of the same subset, network and step, brings the run's newest and best scores up to
   * date, and keeps the images of these two. No two evaluations of one call may have subset, network and step in common.
   */
  async upsert(
    transaction: Transaction,
    runId: string,
    change: number,
    evaluations: readonly ScoredEvaluation[],
  ): Promise<void> {
    // An inserted row has no earlier version: its xmax is 0.
    const stored = await transaction.query<(EvaluationKey & { id: string; isNew: boolean })[]>(
      `/* upsertEvaluations */ INSERT INTO evaluations
         (run_id, change, subset, network, step, confusion, mean_iou, pixel_accuracy, frequency_weighted_iou, pixels,
          class_confidences)
       SELECT $1, $2, given.subset, given.network, given.step, given.confusion::bigint[], given.mean_iou,
         given.pixel_accuracy, given.frequency_weighted_iou, given.pixels, given.confidences::float8[]
       FROM unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::bigint[],
         $11::text[])
         AS given (subset, network, step, confusion, mean_iou, pixel_accuracy, frequency_weighted_iou, pixels, confidences)
       ON CONFLICT (run_id, subset, network, step) DO UPDATE SET change = excluded.change, confusion = excluded.confusion,
         mean_iou = excluded.mean_iou, pixel_accuracy = excluded.pixel_accuracy,
         frequency_weighted_iou = excluded.frequency_weighted_iou, pixels = excluded.pixels,
         class_confidences = excluded.class_confidences
       RETURNING id, subset, network, step, xmax = 0 AS "isNew"`,
      [
        runId,
        change,
        evaluations.map(({ subset }) => subset),
        evaluations.map(({ network }) => network),
        evaluations.map(({ step }) => step),
        evaluations.map(({ confusion }) => arrayLiteral(confusion)),
        evaluations.map(({ scores }) => scores.meanIou),
        evaluations.map(({ scores }) => scores.pixelAccuracy),
        evaluations.map(({ scores }) => scores.frequencyWeightedIou),
        evaluations.map(({ pixels }) => pixels),
        evaluations.map(({ confidences }) => (confidences ? arrayLiteral(confidences) : null)),
      ],
    );
    const ids = new Map(stored.map((row) => [evaluationKey(row), row.id]));
    await transaction.query(
      `/* upsertClassIous */ INSERT INTO class_ious (evaluation_id, class_index, iou, precision, recall)
       SELECT evaluation.id, of_class.ordinal - 1, of_class.iou, of_class.precision, of_class.recall
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS evaluation (id, ious, precisions, recalls)
       CROSS JOIN LATERAL unnest(ious::float8[], precisions::float8[], recalls::float8[]) WITH ORDINALITY
         AS of_class (iou, precision, recall, ordinal)
       ON CONFLICT (evaluation_id, class_index) DO UPDATE SET iou = excluded.iou, precision = excluded.precision,
         recall = excluded.recall`,
      [
        evaluations.map((evaluation) => ids.get(evaluationKey(evaluation))),
        evaluations.map(({ scores }) => arrayLiteral(scores.classIous)),
        evaluations.map(({ scores }) => arrayLiteral(scores.classPrecisions)),
        evaluations.map(({ scores }) => arrayLiteral(scores.classRecalls)),
      ],
    );
    await updateRunScores(transaction, runId, stored);
    await keepImages(transaction, runId, evaluations);
  }

  /** The picked evaluation of each run that has one. */
  picked(runIds: readonly string[], pick: Pick, network: Predictor, subset: Subset): Promise<Evaluation[]> {
    const rest = `FROM run_scores scores JOIN evaluations evaluation ON evaluation.run_id = scores.run_id
        AND evaluation.subset = scores.subset AND evaluation.network = scores.network
        AND evaluation.step = scores.${STEP_OF[pick]}
      WHERE scores.run_id = ANY ($1) AND scores.network = $2 AND scores.subset = $3`;
    return this.reader.find(`${pick} evaluations`, rest, [runIds, network, subset]);
  }

  /** The evaluation of each run at this step, where there is one. */
  at(runIds: readonly string[], step: number, network: Predictor, subset: Subset): Promise<Evaluation[]> {
    return this.dataSource.getRepository(Evaluation).findBy({ runId: In([...runIds]), step, network, subset });
  }

  /** The subsets on which BRANCH1 was evaluated at this step. */
  async subsetsAt(transaction: Transaction, runId: string, step: number): Promise<Subset[]> {
    const rows = await transaction.query<{ subset: Subset }[]>(
      `/* evaluatedSubsets */ SELECT subset FROM evaluations WHERE run_id = $1 AND step = $2 AND network = 'BRANCH1'`,
      [runId, step],
    );
    return rows.map(({ subset }) => subset);
  }

  /** Up to `limit` evaluations of these runs, oldest first. */
  history(
    runIds: readonly string[],
    { network, subset, fromStep, toStep }: EvaluationsArgs,
    limit: number,
  ): Promise<Evaluation[]> {
    const query = this.dataSource
      .createQueryBuilder(Evaluation, 'evaluation')
      .where('evaluation.run_id = ANY(:ids)', { ids: [...runIds] });
    if (network) query.andWhere({ network });
    if (subset) query.andWhere({ subset });
    if (typeof fromStep === 'number') query.andWhere('evaluation.step >= :fromStep', { fromStep });
    if (typeof toStep === 'number') query.andWhere('evaluation.step <= :toStep', { toStep });
    query.orderBy('evaluation.step').addOrderBy('evaluation.network').addOrderBy('evaluation.subset');
    return query.limit(limit).getMany();
  }

  /** The evaluations that were last written by the changes after `from`, up to `to`, in that order. */
  changed(runId: string, from: number, to: number): Promise<Evaluation[]> {
    return this.dataSource
      .getRepository(Evaluation)
      .find({ where: { runId, change: between(from, to) }, order: { change: 'ASC', step: 'ASC', network: 'ASC' } });
  }

  /** The last change up to which the evaluations have at most `numbers` numbers in their confusion matrices; at least one change. */
  async endOfPage(range: ChangeRange, numbers: number): Promise<number> {
    const [first] = await this.dataSource.query<{ size: number }[]>(
      // Those of one run have the same classes.
      `/* sizeOfConfusion */ SELECT (SELECT count(*) FROM class_ious WHERE evaluation_id = e.id) AS size FROM evaluations e
       WHERE run_id = $1 AND change > $2 AND change <= $3 LIMIT 1`,
      [range.runId, range.from, range.to],
    );
    if (!first) return range.to;
    return endOfPage(this.dataSource, 'evaluations', range, Math.max(1, Math.floor(numbers / first.size ** 2)));
  }

  /** How many numbers the confusion matrices of these evaluations have in all. */
  async sizeOfConfusions(evaluationIds: readonly string[]): Promise<number> {
    const [row] = await this.dataSource.query<[{ numbers: number }]>(
      `/* sizeOfConfusions */ SELECT coalesce(sum(classes * classes), 0)::bigint AS numbers
       FROM (SELECT count(*) AS classes FROM class_ious WHERE evaluation_id = ANY ($1) GROUP BY evaluation_id) counted`,
      [evaluationIds],
    );
    return row.numbers;
  }

  confusions(evaluationIds: readonly string[]): Promise<{ id: string; confusion: number[] }[]> {
    return this.dataSource
      .createQueryBuilder(Evaluation, 'evaluation')
      .select(['evaluation.id', 'evaluation.confusion'])
      .where('evaluation.id = ANY(:ids)', { ids: [...evaluationIds] })
      .getMany() as Promise<{ id: string; confusion: number[] }[]>;
  }

  /** By class; null for an evaluation of an older runner. At most `limit` evaluations. */
  confidences(ids: readonly string[], limit: number): Promise<{ id: string; confidences: (number | null)[] | null }[]> {
    return this.dataSource.query(
      `/* classConfidences */ SELECT id, to_json(class_confidences) AS confidences FROM evaluations
       WHERE id = ANY ($1) LIMIT $2`,
      [ids, limit],
    );
  }

  /** The scores of the classes of these evaluations, from up to `limit` rows. */
  classScores(
    evaluationIds: readonly string[],
    limit: number,
  ): Promise<(StoredClassScores & { evaluationId: string })[]> {
    return this.dataSource.query(
      `/* classScores */ SELECT evaluation_id AS "evaluationId", json_agg(iou ORDER BY class_index) AS ious,
         json_agg(precision ORDER BY class_index) AS precisions, json_agg(recall ORDER BY class_index) AS recalls
       FROM (SELECT * FROM class_ious WHERE evaluation_id = ANY ($1) ORDER BY evaluation_id, class_index LIMIT $2) AS read
       GROUP BY evaluation_id`,
      [evaluationIds, limit],
    );
  }

  /** The dataset of each run. */
  datasetIds(runIds: readonly string[]): Promise<{ runId: string; datasetId: string }[]> {
    return this.dataSource.query(
      '/* datasetsOfRuns */ SELECT id AS "runId", dataset_id AS "datasetId" FROM runs WHERE id = ANY ($1)',
      [runIds],
    );
  }
}
