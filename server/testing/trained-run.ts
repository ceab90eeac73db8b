import type { DataSource } from 'typeorm';

/** How a run ended. */
interface Training {
  state?: string;
  /** Of the labelled images. Default: one for each split. */
  splitHash?: string;
  /** The step of the newest evaluation. */
  step?: number;
}

/**
 * As if a runner had trained the run, with this mIoU on VAL; null for a run without an evaluation. Of its classes, the first has an
 * IoU of 0.9, the second one that is 0.1 below the mIoU, and the third none.
 */
export async function trainedRun(
  dataSource: DataSource,
  runId: string,
  meanIou: number | null,
  { state = 'COMPLETED', splitHash, step = 1000 }: Training = {},
): Promise<void> {
  const setup = { engine: 'wasm', device: 'cpu', labelledImages: 8, unlabelledImages: 56, parameters: 1000 };
  await dataSource.query(
    `UPDATE runs SET state = $2, placement_id = NULL, failure = CASE $2 WHEN 'FAILED' THEN 'out of memory' END, setup = $4,
       split_hash = coalesce($3, md5(config ->> 'split')) WHERE id = $1`,
    [runId, state, splitHash ?? null, setup],
  );
  await dataSource.query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, best_step, newest_mean_iou, best_mean_iou, newest_ious, best_ious)
     SELECT $1, 'VAL', 'BRANCH1', $3, $3, $2::float8, $2::float8, ious, ious
     FROM (SELECT ARRAY[0.9, $2::float8 - 0.1, NULL] AS ious) classes WHERE $2 IS NOT NULL`,
    [runId, meanIou, step],
  );
  await dataSource.query(
    `INSERT INTO attempts (run_id, fence, state, lease_until, version, "commit") VALUES ($1, 1, 'SUCCEEDED', now(), '0.1.0', 'abc1234')`,
    [runId],
  );
}
