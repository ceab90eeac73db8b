import { insertBlocks } from '../../server/metrics/points/insert-blocks.js';
import type { BenchDatabase } from './database.js';

/** The columns of a block, without the series. */
const BLOCK = `first_step, last_step, points, first_time, last_time, first_value, last_value, low, low_step, low_time, high,
  high_step, high_time, nan_step, nan_time, steps, values, times, earliest, latest, peaks`;
export const SERIES_OF_A_RUN = 25;
export const POINTS_OF_A_SERIES = 40;
/** Between two points of the long series. */
export const STEP_MS = 250;
export const FIRST_TIME = Date.UTC(2026, 0, 1);
/** Runs that are inserted by one statement. */
const RUNS_TOGETHER = 10_000;

/** Adds a series with steps from 1 to a run, in blocks as the server makes them, without the time that reports would take. */
export async function addSeries(database: BenchDatabase, runId: string, name: string, points: number): Promise<number> {
  const [series] = await database.query<{ id: number }>(
    'INSERT INTO series (run_id, name) VALUES ($1, $2) RETURNING id',
    [runId, name],
  );
  const { id: seriesId } = series!;
  const steps = Array.from({ length: points }, (_, i) => i + 1);
  const values = steps.map((step) => Math.sin(step / 1000) + ((step * 7919) % 1000) / 1e4);
  const times = steps.map((step) => FIRST_TIME + step * STEP_MS);
  await insertBlocks(database.url, seriesId, { steps, values, times });
  await addNewest(database, [runId]);
  return seriesId;
}

/** Adds ended runs, each with copies of the first blocks of a series. Returns their ids. */
export async function addRuns(
  database: BenchDatabase,
  like: { runId: string; seriesId: number },
  count: number,
  { series, points }: { series: number; points: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let left = count; left > 0; left -= RUNS_TOGETHER) {
    const runs = await database.query<{ id: string }>(
      `INSERT INTO runs (name, config, dataset_id, method, backbone, seed, iterations, pool, engine, state, finished_at)
       SELECT 'run ' || n, config, dataset_id, method, backbone, seed, iterations, pool, engine, 'CANCELED', now()
       FROM runs, generate_series(1, $2::int) n WHERE id = $1 RETURNING id`,
      [like.runId, Math.min(left, RUNS_TOGETHER)],
    );
    const added = runs.map(({ id }) => id);
    await database.query(
      `WITH added AS (
         INSERT INTO series (run_id, name) SELECT run_id, 'series ' || n
         FROM unnest($1::uuid[]) AS run_id, generate_series(1, $2::int) n RETURNING id)
       INSERT INTO point_blocks (series_id, ${BLOCK}) SELECT added.id, ${BLOCK} FROM added
       CROSS JOIN (SELECT ${BLOCK} FROM point_blocks WHERE series_id = $3 AND last_step <= $4) AS block`,
      [added, series, like.seriesId, points],
    );
    await addNewest(database, added);
    ids.push(...added);
  }
  return ids;
}

/** Stores the newest points of runs, as reports would have. */
async function addNewest(database: BenchDatabase, runIds: readonly string[]): Promise<void> {
  await database.query(
    `INSERT INTO run_points (run_id, series, last_steps, last_values)
     SELECT run_id, array_agg(id ORDER BY id), array_agg(newest.last_step ORDER BY id), array_agg(newest.last_value ORDER BY id)
     FROM series CROSS JOIN LATERAL (
       SELECT last_step, last_value FROM point_blocks WHERE series_id = id ORDER BY first_step DESC LIMIT 1) AS newest
     WHERE run_id = ANY ($1) GROUP BY run_id
     ON CONFLICT (run_id) DO UPDATE SET (series, last_steps, last_values) =
       (excluded.series, excluded.last_steps, excluded.last_values)`,
    [runIds],
  );
}
