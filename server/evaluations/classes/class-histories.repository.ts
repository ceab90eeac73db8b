import type { DataSource } from 'typeorm';
import type { Predictor, Subset } from '../evaluation.entity.js';

export interface HistoryQuery {
  runIds: readonly string[];
  network: Predictor;
  subset: Subset;
  /** Both ends included. */
  fromStep: number;
  toStep: number;
}

/** The evaluations of a run, by step. The inner lists have all classes of the dataset, by index. */
export interface StoredHistory {
  runId: string;
  steps: number[];
  meanIous: (number | null)[];
  ious: (number | null)[][];
  precisions: (number | null)[][];
  recalls: (number | null)[][];
}

export class ClassHistoriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** At most `limit` evaluations in all. Runs without any are left out. */
  read({ runIds, network, subset, fromStep, toStep }: HistoryQuery, limit: number): Promise<StoredHistory[]> {
    // JSON is parsed several times as fast as arrays of Postgres.
    return this.dataSource.query(
      `/* classHistories */ SELECT run_id AS "runId", json_agg(step ORDER BY step) AS steps,
         json_agg(mean_iou ORDER BY step) AS "meanIous", json_agg(ious ORDER BY step) AS ious,
         json_agg(precisions ORDER BY step) AS precisions, json_agg(recalls ORDER BY step) AS recalls
       FROM (
         SELECT id, run_id, step, mean_iou FROM evaluations
         WHERE run_id = ANY ($1) AND subset = $2 AND network = $3 AND step BETWEEN $4 AND $5
         ORDER BY run_id, step LIMIT $6) AS chosen
       CROSS JOIN LATERAL (
         SELECT coalesce(json_agg(iou ORDER BY class_index), '[]') AS ious,
           coalesce(json_agg(precision ORDER BY class_index), '[]') AS precisions,
           coalesce(json_agg(recall ORDER BY class_index), '[]') AS recalls
         FROM class_ious WHERE evaluation_id = chosen.id) AS scores
       GROUP BY run_id`,
      [runIds, subset, network, fromStep, toStep, limit],
    );
  }
}
