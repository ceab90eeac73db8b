import type { Pool } from 'pg';
import { parseRunConfig } from '../../schema/run-config.js';
import { insertPoints } from '../../server/testing/insert-points.js';
import { CLASSES, DATASET, hashOf, idOf, POOL, SPARE_ROWS, SPARE_RUNNERS, SPARES, tokenOf } from './names.js';

export interface WorldSize {
  studies: number;
  runs: number;
  /** Points of each series of a run. */
  points: number;
  /** Points of each series of the one long run. */
  longPoints: number;
}

/** Every database has it. */
const LOCAL_ACCOUNT = '00000000-0000-4000-8000-000000000001';

/** The bytes of the one blob, which samples and checkpoints refer to. */
export const BLOB = Buffer.from('bytes that stand for an image');

/** Before the start of the calls, so that `tidy` can tell the rows that they create. */
const CREATED = `timestamptz '2025-01-01' + make_interval(secs => n)`;

/** A configuration that any runner of the world could train. */
export function validConfig(): Record<string, unknown> {
  const input = { dataset: DATASET, split: { labelledRatio: 0.125 }, method: { name: 'cps' as const } };
  const parsed = parseRunConfig(input);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.config;
}

/** Fills a migrated database: thousands of runs, with everything that runs have. */
export async function fill(client: Pool, { studies, runs, points, longPoints }: WorldSize): Promise<void> {
  const config = JSON.stringify(validConfig());
  const classes = Array.from({ length: CLASSES }, (_, index) => ({ index, name: `class ${index}`, color: '#102030' }));
  const dataset = idOf('dataset');
  const sha256 = hashOf(BLOB);
  const query = (sql: string, ...parameters: unknown[]) => client.query(sql, parameters);

  await query(
    `INSERT INTO datasets (id, name, kind, classes, ignore_index, train_images, val_images, test_images, fingerprint, created_at)
     VALUES ($1, $2, 'shapes', $3, 255, 64, 16, 16, $4, '2025-01-01')`,
    dataset,
    DATASET,
    JSON.stringify(classes),
    hashOf(DATASET),
  );
  await query(
    `INSERT INTO datasets (id, name, kind, classes, ignore_index, train_images, val_images, test_images, fingerprint, created_at)
     SELECT $1, 'unused', kind, classes, ignore_index, train_images, val_images, test_images, fingerprint, created_at FROM datasets`,
    idOf('unused dataset'),
  );
  // An older version finds the chunks by the hash.
  const { rows } = await query(`SELECT FROM pg_attribute WHERE attrelid = 'blobs'::regclass AND attname = 'content'`);
  const content = rows.length > 0 ? ', content' : '';
  await query(
    `INSERT INTO blobs (sha256, content_type, bytes${content}) VALUES ($1, 'image/png', $2${content && ', $1'})`,
    sha256,
    BLOB.length,
  );
  await query('INSERT INTO blob_chunks VALUES ($1, 0, $2)', sha256, BLOB);
  await query(
    `INSERT INTO studies (id, name, description, created_at)
     SELECT md5('study ' || n)::uuid, 'study ' || n, 'filled', ${CREATED} FROM generate_series(0, $1::int - 1) n`,
    studies,
  );
  await giveMatrix(client);
  await query(
    `INSERT INTO runs (id, name, state, study_id, config, dataset_id, method, backbone, seed, tags, priority, pool, engine,
       step, iterations, split_hash, setup, created_at)
     SELECT md5('run ' || n)::uuid, 'run ' || n || chr(97 + n % 26), (ARRAY['COMPLETED', 'FAILED', 'CANCELED', 'QUEUED'])[n % 4 + 1],
       md5('study ' || n % $2)::uuid, $3::jsonb, $4, 'cps', 'resnet18', n, ARRAY['tag', 'tag ' || n % 7], n % 3, $5, 'any',
       1000, 1000, md5((n % 5)::text), '{"engine": "wasm", "device": "cpu", "labelledImages": 8, "unlabelledImages": 56,
       "parameters": 1000}', ${CREATED}
     FROM generate_series(0, $1::int - 1) n`,
    runs,
    studies,
    config,
    dataset,
    POOL,
  );
  await fillResults(client, runs, points, longPoints, sha256);
  await client.query('ANALYZE');
}

/** Gives study 1 a matrix, which an older version does not have. */
async function giveMatrix(client: Pool): Promise<void> {
  const { rows } = await client.query(
    `SELECT FROM pg_attribute WHERE attrelid = 'studies'::regclass AND attname = 'matrix'`,
  );
  if (rows.length === 0) return;
  const { method, ...base } = validConfig();
  await client.query(`UPDATE studies SET base = $1, matrix = $2 WHERE name = 'study 1'`, [
    JSON.stringify(base),
    JSON.stringify({ methods: [method], seeds: [0] }),
  ]);
}

async function fillResults(client: Pool, runs: number, points: number, longPoints: number, sha256: string) {
  const query = (sql: string, ...parameters: unknown[]) => client.query(sql, parameters);
  await query(
    `INSERT INTO attempts (id, run_id, fence, state, sequence, started_at, finished_at, lease_until)
     SELECT md5('attempt ' || n)::uuid, md5('run ' || n)::uuid, 1, 'LOST', 9, ${CREATED}, ${CREATED}, ${CREATED}
     FROM generate_series(0, $1::int - 1) n`,
    runs,
  );
  await query(
    `INSERT INTO series (run_id, name) SELECT md5('run ' || n)::uuid, name
     FROM generate_series(0, $1::int - 1) n, unnest(ARRAY['loss', 'lr', 'miou/branch1', 'miou/branch2']) name`,
    runs,
  );
  const { blocks, newest } = insertPoints(
    `SELECT series.id AS series_id, step, CASE WHEN step % 50 = 7 THEN 'NaN' ELSE 1.0::float8 / step END AS value
     FROM series, generate_series(1, CASE run_id WHEN md5('run 0')::uuid THEN $2::int ELSE $1::int END) step`,
  );
  await query(blocks, points, longPoints);
  await query(newest);
  const cells = CLASSES * CLASSES;
  await query(
    `INSERT INTO evaluations (id, run_id, step, network, subset, confusion, pixels, mean_iou, pixel_accuracy,
       frequency_weighted_iou)
     SELECT md5('evaluation ' || n || ' ' || step)::uuid, md5('run ' || n)::uuid, step, 'BRANCH1', 'VAL',
       array_fill(n + 1, ARRAY[$2::int]), (n + 1) * $2::int, n % 100 / 100.0, 0.5, 0.5
     FROM generate_series(0, $1::int - 1) n, unnest(ARRAY[500, 1000]) step`,
    runs,
    cells,
  );
  // Both evaluations of a run have the same mIoU.
  await query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, newest_mean_iou, newest_ious, best_step, best_mean_iou,
       best_ious)
     SELECT run_id, subset, network, max(step), max(mean_iou), array_fill(0.5::float8, ARRAY[$1::int]), min(step),
       max(mean_iou), array_fill(0.5::float8, ARRAY[$1::int])
     FROM evaluations GROUP BY run_id, subset, network`,
    CLASSES,
  );
  await query(
    `INSERT INTO class_ious (evaluation_id, class_index, iou) SELECT id, index, 0.5
     FROM evaluations, generate_series(0, $1::int - 1) index`,
    CLASSES,
  );
  // The second image is ignored as a whole.
  await query(
    `INSERT INTO evaluation_images (run_id, subset, network, step, image_ids, counts)
     SELECT run_id, subset, network, step, ARRAY['image', 'another'], $1 FROM evaluations`,
    Buffer.from([2, 1, 200, 1, 4, 40, 0]),
  );
  await query(
    `INSERT INTO pseudo_labels (run_id, network, step, labelled_pixels, pseudo_pixels, undecided_pixels, confusion)
     SELECT md5('run ' || n)::uuid, 'BRANCH1', 500, array_fill(9, ARRAY[$2::int]), array_fill(9, ARRAY[$2::int]), 3,
       array_fill(n, ARRAY[$2::int * $2::int])
     FROM generate_series(0, $1::int - 1) n`,
    runs,
    CLASSES,
  );
  await query(
    `INSERT INTO alarms (run_id, step, kind, network, message)
     SELECT md5('run ' || n)::uuid, 500, 'DROP', 'BRANCH1', 'mIoU fell' FROM generate_series(0, $1::int - 1) n`,
    runs,
  );
  await query(
    `INSERT INTO log_lines (run_id, fence, at, level, message)
     SELECT md5('run ' || n)::uuid, 1, ${CREATED}, 'INFO', 'line ' || line
     FROM generate_series(0, $1::int - 1) n, generate_series(1, CASE n WHEN 0 THEN $2::int ELSE 3 END) line`,
    runs,
    longPoints,
  );
  await query(
    `INSERT INTO sample_images (run_id, image_id, width, height, input_sha256, ground_truth_sha256)
     SELECT md5('run ' || n)::uuid, 'image', 8, 8, $1, $1 FROM generate_series(0, least($2::int, 100) - 1) n`,
    sha256,
    runs,
  );
  await query(
    `INSERT INTO samples (run_id, step, image_id, network, sha256)
     SELECT md5('run ' || n)::uuid, 500, 'image', 'BRANCH1', $1 FROM generate_series(0, least($2::int, 100) - 1) n`,
    sha256,
    runs,
  );
}

/** Inserts or resets the rows that calls may use up. */
export async function restoreSpares(client: Pool): Promise<void> {
  const config = JSON.stringify(validConfig());
  const insertRun = `
    INSERT INTO runs (id, name, state, study_id, config, dataset_id, method, backbone, seed, pool, engine, iterations, created_at)
    SELECT md5($1 || n)::uuid, $1 || n, $2, $5::uuid, $3::jsonb, $4, 'cps', 'resnet18', 0, 'spare', 'any', 1000, ${CREATED}
    FROM generate_series(0, ${SPARE_ROWS - 1}) n
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, finished_at = NULL`;
  for (const [kind, state] of Object.entries(SPARES)) {
    await client.query(insertRun, [`${kind} `, state, config, idOf('dataset'), null]);
  }
  await client.query(
    `INSERT INTO studies (id, name, created_at) SELECT md5('study to delete ' || n)::uuid, 'spare', ${CREATED}
     FROM generate_series(0, ${SPARE_ROWS - 1}) n ON CONFLICT (id) DO NOTHING`,
  );
  await client.query(
    `INSERT INTO saved_filters (id, name, owner_id, query, shared, created_at)
     SELECT md5('saved filter ' || n)::uuid, 'spare ' || n, $1, 'state = running', true, ${CREATED}
     FROM generate_series(0, ${SPARE_ROWS - 1}) n ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
    [LOCAL_ACCOUNT],
  );
  for (const kind of SPARE_RUNNERS) {
    await client.query(
      `INSERT INTO runners (id, name, token_hash, host, engine, device, version, pool, slots, created_at)
       SELECT md5($1 || n)::uuid, $1 || n, 'no token ' || $1 || n, 'lab', 'wasm', 'cpu', '1', 'spare', 1, ${CREATED}
       FROM generate_series(0, ${SPARE_ROWS - 1}) n ON CONFLICT (id) DO UPDATE SET draining = false, paused = false`,
      [`${kind} `],
    );
  }
}

/** Inserts or resets the runner that calls an operation, with room for any number of runs. */
export async function restoreRunner(client: Pool, operation: string): Promise<void> {
  const name = runnerNamed(operation);
  await client.query(
    `INSERT INTO runners (id, name, token_hash, host, engine, device, version, pool, slots, created_at)
     VALUES ($1, $2, $3, 'lab', 'wasm', 'cpu', '1', $4, 1000000, '2025-01-01')
     ON CONFLICT (id) DO UPDATE SET draining = false, slots = 1000000, pool = $4, engine = 'wasm'`,
    [idOf(name), name, hashOf(tokenOf(name)), POOL],
  );
  await client.query('INSERT INTO runner_datasets (runner_id, dataset_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    idOf(name),
    idOf('dataset'),
  ]);
}

/** Each operation has its own runner: one that starts again loses the attempts of the others otherwise. */
export const runnerNamed = (operation: string): string => `runner of ${operation}`;
