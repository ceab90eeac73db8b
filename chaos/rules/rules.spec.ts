import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Attempt, AttemptState } from '../../server/attempts/attempt.entity.js';
import { Run, RunState } from '../../server/runs/run.entity.js';
import { emptyTables } from '../../server/testing/empty-tables.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../../server/testing/results-fixtures.js';
import { testDatabase } from '../../server/testing/test-database.js';
import {
  checkpointOf,
  classCountsAt,
  evaluationsAt,
  IMAGE_ID,
  lastCheckpoint,
  logLine,
  pointsAt,
  SERIES,
  samplesAt,
  sha256Of,
} from '../script/script.js';
import { Database } from '../world/database.js';
import { acknowledgedViolations } from './acknowledged.js';
import { startAudit } from './audit.js';
import { databaseViolations } from './database-rules.js';
import { resultViolations } from './results.js';

const { url, dataSource } = testDatabase();
const database = new Database(url);
const CHECKPOINT_BYTES = 100;
const SEED = 7;

const violations = async (): Promise<string[]> => [
  ...(await databaseViolations(database)),
  ...(await resultViolations(database, CHECKPOINT_BYTES)),
];

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-rules-'));

beforeAll(() => startAudit(database));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});
beforeEach(async () => {
  await emptyTables(
    dataSource,
    'runs',
    'blobs',
    'blob_chunks',
    'blob_candidates',
    'runners',
    'datasets',
    'chaos.attempt_states',
    'chaos.run_states',
    'chaos.late_lines',
  );
  await storeRun();
});

/** Stores a run that was lost once and then completed, as a server does. */
async function storeRun(): Promise<void> {
  const run = await insertRun(dataSource, await insertDataset(dataSource), { seed: SEED, number: 1, iterations: 25 });
  const training = {
    ...run.config.training,
    iterations: 25,
    evaluateEvery: 10,
    sampleEvery: 10,
    checkpointEvery: 10,
    logEvery: 1,
  };
  await dataSource.getRepository(Run).update(run.id, { config: { ...run.config, training } });
  const runner = await insertRunner(dataSource);
  const lost = await insertAttempt(dataSource, run, runner, 1);
  await dataSource.getRepository(Attempt).update(lost.id, { state: AttemptState.LOST });
  const attempt = await insertAttempt(dataSource, run, runner, 2);
  const steps = Array.from({ length: training.iterations }, (_, index) => index + 1);
  await database.query('INSERT INTO series (run_id, name) SELECT $1, unnest($2::text[])', [run.id, SERIES]);
  await database.query('INSERT INTO run_points (run_id, batches) VALUES ($1, $2)', [run.id, training.iterations]);
  for (const step of steps) {
    await database.query(
      `INSERT INTO point_batches (run_id, number, series, steps, values)
       SELECT $1, $2, array_agg(id), array_agg($2::bigint), array_agg(value)
       FROM unnest($3::text[], $4::float8[]) AS point (name, value) JOIN series USING (name) WHERE run_id = $1`,
      [run.id, step, SERIES, SERIES.map((name) => pointsAt(SEED, step)[name]!)],
    );
  }
  await database.query(
    `INSERT INTO log_lines (run_id, fence, at, level, message) SELECT $1, 2, now(), 'INFO', unnest($2::text[])`,
    [run.id, steps.map((step) => logLine(SEED, step))],
  );
  for (const record of steps.flatMap((one) => evaluationsAt(SEED, one, training))) {
    await database.query(
      `WITH e AS (
         INSERT INTO evaluations (run_id, step, network, subset, confusion, class_confidences, pixels)
         VALUES ($1, $2, $3, $4, $5, $6, 1) RETURNING id)
       INSERT INTO class_ious SELECT id, 0, 0.5 FROM e`,
      [run.id, record.step, record.network, record.subset, record.confusion, record.confidences],
    );
  }
  const counts = steps.flatMap((one) => classCountsAt(SEED, one, training));
  await database.query('INSERT INTO class_labels (run_id, pixels, images) VALUES ($1, $2, $3)', [
    run.id,
    counts[0]!.labelledPixels,
    counts[0]!.labelledImages,
  ]);
  for (const { step, crops, cropsWithClass } of counts) {
    await database.query('INSERT INTO class_crops VALUES ($1, $2, $3, $4)', [run.id, step, crops, cropsWithClass]);
  }
  await database.query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, best_step)
     SELECT run_id, subset, network, max(step), min(step) FROM evaluations GROUP BY run_id, subset, network`,
  );
  await database.query(
    `INSERT INTO evaluation_images SELECT run_id, subset, network, step, ARRAY['image'], ''
     FROM evaluations JOIN run_scores USING (run_id, subset, network) WHERE step IN (newest_step, best_step)`,
  );
  for (const step of steps.filter((one) => one % training.sampleEvery === 0)) await storeSamples(run.id, step);
  const checkpoint = checkpointOf(SEED, lastCheckpoint(training), CHECKPOINT_BYTES);
  await database.query(
    'INSERT INTO checkpoints (run_id, attempt_id, step, sha256, bytes) VALUES ($1, $2, $3, $4, $5)',
    [run.id, attempt.id, lastCheckpoint(training), await storeBlob(checkpoint), checkpoint.length],
  );
  await dataSource.getRepository(Attempt).update(attempt.id, { state: AttemptState.SUCCEEDED });
  await dataSource.getRepository(Run).update(run.id, { state: RunState.COMPLETED, step: training.iterations });
}

async function storeSamples(runId: string, step: number): Promise<void> {
  const [input, truth, ...predictions] = samplesAt(SEED, step);
  await database.query('INSERT INTO sample_images VALUES ($1, $2, 1, 1, $3, $4) ON CONFLICT DO NOTHING', [
    runId,
    IMAGE_ID,
    await storeBlob(input!.png),
    await storeBlob(truth!.png),
  ]);
  for (const { kind, png } of predictions) {
    await database.query('INSERT INTO samples VALUES ($1, $2, $3, $4, $5)', [
      runId,
      step,
      IMAGE_ID,
      kind,
      await storeBlob(png),
    ]);
  }
}

async function storeBlob(bytes: Uint8Array): Promise<string> {
  const sha256 = sha256Of(bytes);
  await database.query(
    `INSERT INTO blobs (sha256, content_type, bytes, content) VALUES ($1, 'image/png', $2, $1) ON CONFLICT DO NOTHING`,
    [sha256, bytes.length],
  );
  await database.query('INSERT INTO blob_chunks VALUES ($1, 0, $2) ON CONFLICT DO NOTHING', [
    sha256,
    Buffer.from(bytes),
  ]);
  return sha256;
}

it('accepts what a server stores of a run that was resumed', async () => {
  expect(await violations()).toEqual([]);
});

it.each([
  ["UPDATE runs SET state = 'FAILED', failure = 'NaN'", 'a run completes: run #1 is FAILED at step 25 of 25: NaN'],
  ["UPDATE attempts SET state = 'SUCCEEDED'", 'a run completes once: run #1 has 2 attempts that succeeded'],
  [
    "UPDATE runs SET state = 'QUEUED'; UPDATE runs SET state = 'COMPLETED'",
    'a run completes once: run #1 became COMPLETED 2 times, and left that state 1 times',
  ],
  [
    "UPDATE attempts SET state = 'LOST'",
    /^an attempt ends once: run #1: attempt 2 \(.+\) was SUCCEEDED, and then became LOST$/,
  ],
  [
    "UPDATE attempts SET state = 'ACTIVE' WHERE fence = 2",
    /^an attempt ends once: run #1: attempt 2 \(.+\) is still ACTIVE$/,
  ],
  [
    `INSERT INTO chaos.attempt_states (run_id, attempt_id, before, after)
     SELECT run_id, id, NULL, 'ACTIVE' FROM attempts`,
    /^a run has one ACTIVE attempt at a time: run #1: attempt . \(.+\) became ACTIVE before the previous one had ended$/,
  ],
  [
    `INSERT INTO log_lines (run_id, fence, at, level, message) SELECT id, 1, now(), 'INFO', 'step 1 late' FROM runs`,
    'an attempt that has ended writes no more: run #1: attempt 1 had ended when it wrote "step 1 late"',
  ],
  [
    `INSERT INTO log_lines (run_id, fence, at, level, message) SELECT run_id, fence, at, level, message FROM log_lines
     WHERE message LIKE 'step 25 %'`,
    'a log line is stored once: run #1: attempt 2 has the line "step 25 of the run with seed 7" 2 times',
  ],
  [
    "DELETE FROM log_lines WHERE message LIKE 'step 4 %'",
    'log lines are in order, without gaps: run #1: attempt 2 has the line "step 5 of the run with seed 7" after that of step 3',
  ],
  [
    "UPDATE run_scores SET best_step = 20 WHERE subset = 'VAL' AND network = 'BRANCH1'",
    'scores are those of the evaluations: run #1 has the newest BRANCH1 on VAL at step 25 and the best at 20; expected 25 and 10',
  ],
  [
    "UPDATE evaluation_images SET step = 20 WHERE step = 10 AND network = 'BRANCH1'",
    'images are those of the newest and the best evaluation: run #1 has those of BRANCH1 on VAL at the steps {20,25}; expected {10,25}',
  ],
  ['DELETE FROM blob_chunks', /^a blob is complete: blob .+ has 0 of 100 bytes$/],
  ['DELETE FROM point_batches', 'no row is left over: series "loss" of run #1 has no points'],
  ['DELETE FROM class_ious', /^no row is left over: evaluation .+ of run #1 has no IoU of its classes$/],
  [
    'DELETE FROM checkpoints; TRUNCATE blob_candidates',
    /^no row is left over: blob .+ is not referenced, and nothing will remove it$/,
  ],
  [
    'DELETE FROM point_batches WHERE number = 3',
    /^results are the script's: run #1: steps of "loss": entry 3 is 4, expected 3 /,
  ],
  [
    'UPDATE point_batches SET values = array_fill(1::float8, ARRAY[cardinality(values)]) WHERE number = 17',
    /^results are the script's: run #1: values of "loss": entry 17 is 1, expected NaN /,
  ],
  [
    "UPDATE series SET name = 'lost' WHERE name = 'loss'",
    /^results are the script's: run #1: series: entry 1 is lost, expected loss /,
  ],
  ['UPDATE evaluations SET confusion[3] = -1', /^results are the script's: run #1: evaluations: /],
  ['UPDATE evaluations SET class_confidences[3] = 0', /^results are the script's: run #1: evaluations: /],
  ['UPDATE class_labels SET images[3] = -1', /^results are the script's: run #1: labels by class: /],
  ['DELETE FROM class_crops WHERE step = 20', /^results are the script's: run #1: crops by class: /],
  ['DELETE FROM samples WHERE step = 10', /^results are the script's: run #1: samples: /],
  [
    'UPDATE sample_images SET input_sha256 = ground_truth_sha256',
    /^results are the script's: run #1: images of samples: /,
  ],
  ['UPDATE checkpoints SET step = 11', /^results are the script's: run #1: checkpoint of step 11: /],
  [
    'UPDATE blob_chunks SET data = set_byte(data, 50, 255 - get_byte(data, 50))',
    /^results are the script's: run #1: checkpoint of step 20: entry 2 /,
  ],
  [
    'DELETE FROM checkpoints',
    /^results are the script's: run #1: the newest checkpoint is of step 0; expected that of step 20$/,
  ],
])('finds what %s breaks', async (sql, line) => {
  await database.query(sql);
  expect(await violations()).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
});

it('does not ask for the last checkpoint of an attempt whose home was damaged', async () => {
  await database.query('DELETE FROM checkpoints');
  const [{ id }] = (await database.query<{ id: string }>('SELECT id FROM attempts ORDER BY fence DESC LIMIT 1')) as [
    { id: string },
  ];
  expect(await resultViolations(database, CHECKPOINT_BYTES)).toHaveLength(1);
  expect(await resultViolations(database, CHECKPOINT_BYTES, new Set([id]))).toEqual([]);
});

const NO_ATTEMPT = '00000000-0000-4000-8000-000000000000';
/** The ledger of an agent: what it says was acknowledged for the run's second attempt, of which 3 reports are stored. */
it.each<[about: string, acknowledged: number[], attemptId: string | null, lines: RegExp[]]>([
  ['all that are stored', [1, 3, 2], null, []],
  ['fewer than are stored', [1], null, []],
  [
    'more than are stored',
    [1, 2, 3, 4],
    null,
    [
      /^an acknowledged report is stored: run #1, attempt 2 \(.+\): report 4 was acknowledged to one, but 3 are stored$/,
    ],
  ],
  [
    'those of no attempt',
    [1],
    NO_ATTEMPT,
    [/^an acknowledged report is stored: an attempt that does not exist \(.+\): report 1 .+, but 0 are stored$/],
  ],
  ['none', [], null, [/^an acknowledged report is stored: no agent has written down what was acknowledged to it$/]],
])(
  'compares the reports that were acknowledged with those that are stored: %s',
  async (_, acknowledged, other, lines) => {
    const [attempt] = await database.query<{ id: string }>(
      'UPDATE attempts SET sequence = 3 WHERE fence = 2 RETURNING id',
    );
    const ledger = join(folder, 'one.ledger');
    const entries = acknowledged.map((sequence) => JSON.stringify({ attemptId: other ?? attempt!.id, sequence }));
    writeFileSync(ledger, entries.map((line) => `${line}\n`).join(''));
    const agents = [
      { name: 'one', ledger },
      { name: 'two', ledger: join(folder, 'none.ledger') },
    ];
    expect(await acknowledgedViolations({ database, agents })).toEqual(
      lines.map((line) => expect.stringMatching(line)),
    );
  },
);
