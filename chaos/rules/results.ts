import {
  checkpointOf,
  classCountsAt,
  evaluationsAt,
  IMAGE_ID,
  isDue,
  lastCheckpoint,
  SERIES,
  samplesAt,
  sha256Of,
} from '../script/script.js';
import type { Database } from '../world/database.js';
import { compare, finishedRuns, type RunRow, type Say, stepsOf, valuesOf } from './finished-runs.js';

/**
 * Compares what is stored of every run with the script: every step, once, with its exact value. One line per violation.
 * @param damagedAttempts may have lost their last checkpoint, if it was on its way when the run had already ended
 */
export async function resultViolations(
  database: Database,
  checkpointBytes: number,
  damagedAttempts: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const lines: string[] = [];
  for (const run of await finishedRuns(database)) {
    const say = (text: string): void => void lines.push(`results are the script's: run #${run.number}: ${text}`);
    await comparePoints(database, run, say);
    await compareEvaluations(database, run, say);
    await compareClassCounts(database, run, say);
    await compareSamples(database, run, say);
    const mayLack = damagedAttempts.has(await lastAttempt(database, run));
    await compareCheckpoints(database, run, checkpointBytes, mayLack, say);
  }
  return lines;
}

async function comparePoints(database: Database, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const rows = await database.query<{ name: string; steps: number[]; values: number[] }>(
    `SELECT name, array_agg(step::int ORDER BY step) AS steps, array_agg(value ORDER BY step) AS values
     FROM series JOIN points ON series_id = series.id WHERE run_id = $1 GROUP BY name`,
    [id],
  );
  const stored = new Map(rows.map(({ name, steps, values }) => [name, { steps, values }]));
  compare('series', [...stored.keys()].sort(), [...SERIES].sort(), say);
  const steps = stepsOf(training);
  for (const name of SERIES) {
    compare(`steps of "${name}"`, stored.get(name)?.steps ?? [], steps, say);
    compare(`values of "${name}"`, stored.get(name)?.values ?? [], valuesOf(seed, name, steps), say);
  }
}

async function compareEvaluations(database: Database, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const rows = await database.query<{ place: string; confusion: string[]; confidences: (number | null)[] | null }>(
    `SELECT concat_ws(' ', step, subset, network) AS place, confusion, class_confidences AS confidences
     FROM evaluations WHERE run_id = $1`,
    [id],
  );
  const expected = stepsOf(training).flatMap((step) => evaluationsAt(seed, step, training));
  compare(
    'evaluations',
    rows
      .map(({ place, confusion, confidences }) => `${place}: ${confusion.join(' ')}; ${confidences?.join(' ')}`)
      .sort(),
    expected
      .map(
        ({ step, subset, network, confusion, confidences }) =>
          `${step} ${subset} ${network}: ${confusion.join(' ')}; ${confidences?.join(' ')}`,
      )
      .sort(),
    say,
  );
}

async function compareClassCounts(database: Database, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const labels = await database.query<{ pixels: string[]; images: number[] }>(
    'SELECT pixels, images FROM class_labels WHERE run_id = $1',
    [id],
  );
  const crops = await database.query<{ step: number; crops: number; held: number[] }>(
    'SELECT step, crops, crops_with_class AS held FROM class_crops WHERE run_id = $1 ORDER BY step',
    [id],
  );
  const expected = stepsOf(training).flatMap((step) => classCountsAt(seed, step, training));
  compare(
    'labels by class',
    labels.map(({ pixels, images }) => `${pixels.join(' ')}; ${images.join(' ')}`),
    expected
      .slice(0, 1)
      .map(({ labelledPixels, labelledImages }) => `${labelledPixels.join(' ')}; ${labelledImages.join(' ')}`),
    say,
  );
  compare(
    'crops by class',
    crops.map((row) => `${row.step}: ${row.crops}, ${row.held.join(' ')}`),
    expected.map((record) => `${record.step}: ${record.crops}, ${record.cropsWithClass.join(' ')}`),
    say,
  );
}

async function compareSamples(database: Database, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const images = await database.query<{ place: string }>(
    `SELECT concat_ws(' ', image_id, input_sha256, ground_truth_sha256) AS place FROM sample_images WHERE run_id = $1`,
    [id],
  );
  const predictions = await database.query<{ place: string }>(
    `SELECT concat_ws(' ', step, image_id, network, sha256) AS place FROM samples WHERE run_id = $1`,
    [id],
  );
  const expected: string[] = [];
  let shown = '';
  for (const step of stepsOf(training).filter((one) => isDue(one, training.sampleEvery))) {
    const [input, truth, ...predicted] = samplesAt(seed, step);
    shown = [IMAGE_ID, sha256Of(input!.png), sha256Of(truth!.png)].join(' ');
    for (const { imageId, kind, png } of predicted) expected.push([step, imageId, kind, sha256Of(png)].join(' '));
  }
  compare('images of samples', placesOf(images), [shown], say);
  compare('samples', placesOf(predictions), expected.sort(), say);
}

async function lastAttempt(database: Database, { id }: RunRow): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    'SELECT id FROM attempts WHERE run_id = $1 ORDER BY fence DESC LIMIT 1',
    [id],
  );
  return row?.id ?? '';
}

/** The bytes are stored under their hash, so the right hash with the wrong bytes is a violation too. */
async function compareCheckpoints(
  database: Database,
  { id, seed, training }: RunRow,
  checkpointBytes: number,
  mayLackNewest: boolean,
  say: Say,
): Promise<void> {
  const rows = await database.query<{ step: number; sha256: string; stored: string }>(
    `SELECT step, c.sha256,
       (SELECT encode(sha256(string_agg(data, ''::bytea ORDER BY number)), 'hex') FROM chaos.blob_bytes b WHERE b.sha256 = c.sha256)
         AS stored
     FROM checkpoints c WHERE run_id = $1 ORDER BY c.id`,
    [id],
  );
  const newest = rows.at(-1)?.step ?? 0;
  if (newest < lastCheckpoint(training) && !mayLackNewest) {
    say(`the newest checkpoint is of step ${newest}; expected that of step ${lastCheckpoint(training)}`);
  }
  for (const { step, sha256, stored } of rows) {
    const expected = sha256Of(checkpointOf(seed, step, checkpointBytes));
    compare(`checkpoint of step ${step}`, [sha256, stored], [expected, expected], say);
  }
}

const placesOf = (rows: { place: string }[]): string[] => rows.map(({ place }) => place).sort();
