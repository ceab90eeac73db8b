import { type DataSource, In } from 'typeorm';
import { arrayLiteral } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { ClassLabels } from './class-counts.entity.js';
import type { ClassCountsInput } from './class-counts.inputs.js';

/** The labelled training crops of a run so far, and how many held each class, by index. */
export interface CropTotals {
  runId: string;
  crops: number;
  withClass: number[];
}

/** When a class was predicted. */
export interface PredictedSteps {
  runId: string;
  classIndex: number;
  /** The first and the last evaluation in which any pixel was predicted as it. */
  first: number | null;
  last: number | null;
  /** The first evaluation after the last of these; null if it was the newest. */
  lost: number | null;
}

export class ClassCountsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores counts of crops, no two of the same step, and those of the split. */
  async upsert(
    transaction: Transaction,
    runId: string,
    counts: readonly ClassCountsInput[],
    { labelledPixels, labelledImages }: ClassCountsInput,
  ): Promise<void> {
    await transaction.query(
      `/* upsertClassLabels */ INSERT INTO class_labels (run_id, pixels, images) VALUES ($1, $2, $3)
       ON CONFLICT (run_id) DO UPDATE SET pixels = excluded.pixels, images = excluded.images`,
      [runId, labelledPixels, labelledImages],
    );
    await transaction.query(
      `/* upsertClassCrops */ INSERT INTO class_crops (run_id, step, crops, crops_with_class)
       SELECT $1, given.step, given.crops, given.held::int[]
       FROM unnest($2::int[], $3::int[], $4::text[]) AS given (step, crops, held)
       ON CONFLICT (run_id, step) DO UPDATE SET crops = excluded.crops, crops_with_class = excluded.crops_with_class`,
      [
        runId,
        counts.map(({ step }) => step),
        counts.map(({ crops }) => crops),
        counts.map(({ cropsWithClass }) => arrayLiteral(cropsWithClass)),
      ],
    );
  }

  labels(runIds: readonly string[]): Promise<ClassLabels[]> {
    return this.dataSource.getRepository(ClassLabels).findBy({ runId: In([...runIds]) });
  }

  /** The crops of each run that has some, in all evaluations together. */
  crops(runIds: readonly string[]): Promise<CropTotals[]> {
    return this.dataSource.query(
      `/* cropTotals */ SELECT run_id AS "runId", json_agg(held ORDER BY place) AS "withClass", max(crops)::bigint AS crops
       FROM (
         SELECT run_id, place, sum(held) AS held, sum(crops) AS crops
         FROM class_crops CROSS JOIN LATERAL unnest(crops_with_class) WITH ORDINALITY AS u (held, place)
         WHERE run_id = ANY ($1) GROUP BY run_id, place) AS by_class
       GROUP BY run_id`,
      [runIds],
    );
  }

  /** When each class was predicted on VAL, for at most `limit` classes in all. */
  predictedSteps(runIds: readonly string[], network: Predictor, limit: number): Promise<PredictedSteps[]> {
    return this.dataSource.query(
      `/* predictedSteps */ SELECT found.*, (
         SELECT min(step) FROM evaluations
         WHERE run_id = found."runId" AND subset = 'VAL' AND network = $2 AND step > found.last) AS lost
       FROM (
         SELECT evaluation.run_id AS "runId", score.class_index AS "classIndex",
           min(evaluation.step) FILTER (WHERE score.precision IS NOT NULL) AS first,
           max(evaluation.step) FILTER (WHERE score.precision IS NOT NULL) AS last
         FROM evaluations evaluation JOIN class_ious score ON score.evaluation_id = evaluation.id
         WHERE evaluation.run_id = ANY ($1) AND evaluation.subset = 'VAL' AND evaluation.network = $2
         GROUP BY evaluation.run_id, score.class_index LIMIT $3) AS found`,
      [runIds, network, limit],
    );
  }
}
