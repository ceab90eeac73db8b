import { type DataSource, In } from 'typeorm';
import { arrayLiteral } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { ClassCrops, ClassLabels } from './class-counts.entity.js';
import type { ClassCountsInput } from './class-counts.inputs.js';

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

  /** Stores counts; the last ones count for the split. No two may have the same step. */
  async upsert(transaction: Transaction, runId: string, counts: readonly ClassCountsInput[]): Promise<void> {
    const { labelledPixels, labelledImages } = counts.at(-1)!;
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

  /** At most `limit` rows in all. */
  crops(runIds: readonly string[], limit: number): Promise<ClassCrops[]> {
    return this.dataSource.getRepository(ClassCrops).find({
      where: { runId: In([...runIds]) },
      order: { runId: 'ASC', step: 'ASC' },
      take: limit,
    });
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
