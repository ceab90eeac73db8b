import {
  checkpointOf,
  evaluationsAt,
  IMAGE_ID,
  isDue,
  lastCheckpoint,
  pointsAt,
  type Schedule,
  SERIES,
  samplesAt,
  sha256Of,
} from '../script/script.js';
import type { World } from '../world/world.js';

interface RunRow {
  id: string;
  number: number;
  seed: number;
  training: Schedule;
}
type Say = (text: string) => void;

/** Compares what is stored of every run with the script: every step, once, with its exact value. One line per violation. */
export async function resultViolations(world: World, checkpointBytes: number): Promise<string[]> {
  const lines: string[] = [];
  const runs = await world.database.query<RunRow>(
    `SELECT id, number, seed::int, config -> 'training' AS training FROM runs ORDER BY number`,
  );
  for (const run of runs) {
    const say = (text: string): void => void lines.push(`results are the script's: run #${run.number}: ${text}`);
    await comparePoints(world, run, say);
    await comparePointsOfApi(world, run, say);
    await compareEvaluations(world, run, say);
    await compareSamples(world, run, say);
    await compareCheckpoints(world, run, checkpointBytes, say);
  }
  return lines;
}

async function comparePoints({ database }: World, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const rows = await database.query<{ name: string; steps: number[]; values: number[] }>(
    `SELECT name, array_agg(step ORDER BY step) AS steps, array_agg(value ORDER BY step) AS values
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

/** The same through the API, which is what people see. */
async function comparePointsOfApi(world: World, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const [name] = SERIES;
  const query = `query ($id: ID!, $names: [String!]!) {
    run(id: $id) { state step metrics(names: $names, maxPoints: 10000) { steps values } }
  }`;
  const { run } = await world.api<{
    run: { state: string; step: number; metrics: { steps: number[]; values: (number | string)[] }[] };
  }>(query, { id, names: [name] });
  const steps = stepsOf(training);
  compare('state in the API', [run.state, run.step], ['COMPLETED', training.iterations], say);
  compare('steps in the API', run.metrics[0]?.steps ?? [], steps, say);
  compare('values in the API', run.metrics[0]?.values.map(Number) ?? [], valuesOf(seed, name, steps), say);
}

async function compareEvaluations({ database }: World, { id, seed, training }: RunRow, say: Say): Promise<void> {
  const rows = await database.query<{ place: string; confusion: string[] }>(
    `SELECT concat_ws(' ', step, subset, network) AS place, confusion FROM evaluations WHERE run_id = $1`,
    [id],
  );
  const expected = stepsOf(training).flatMap((step) => evaluationsAt(seed, step, training));
  compare(
    'evaluations',
    rows.map(({ place, confusion }) => `${place}: ${confusion.join(' ')}`).sort(),
    expected
      .map(({ step, subset, network, confusion }) => `${step} ${subset} ${network}: ${confusion.join(' ')}`)
      .sort(),
    say,
  );
}

async function compareSamples({ database }: World, { id, seed, training }: RunRow, say: Say): Promise<void> {
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

/** The bytes are stored under their hash, so the right hash with the wrong bytes is a violation too. */
async function compareCheckpoints(
  { database }: World,
  { id, seed, training }: RunRow,
  checkpointBytes: number,
  say: Say,
): Promise<void> {
  const rows = await database.query<{ step: number; sha256: string; stored: string }>(
    `SELECT step, c.sha256,
       (SELECT encode(sha256(string_agg(data, ''::bytea ORDER BY number)), 'hex') FROM blob_chunks b WHERE b.sha256 = c.sha256)
         AS stored
     FROM checkpoints c WHERE run_id = $1 ORDER BY c.id`,
    [id],
  );
  const newest = rows.at(-1)?.step ?? 0;
  if (newest < lastCheckpoint(training)) {
    say(`the newest checkpoint is of step ${newest}; expected that of step ${lastCheckpoint(training)}`);
  }
  for (const { step, sha256, stored } of rows) {
    const expected = sha256Of(checkpointOf(seed, step, checkpointBytes));
    compare(`checkpoint of step ${step}`, [sha256, stored], [expected, expected], say);
  }
}

const placesOf = (rows: { place: string }[]): string[] => rows.map(({ place }) => place).sort();
const stepsOf = ({ iterations }: Schedule): number[] => Array.from({ length: iterations }, (_, index) => index + 1);
const valuesOf = (seed: number, name: string, steps: number[]): number[] =>
  steps.map((step) => pointsAt(seed, step)[name]!);

/** Says where two lists differ for the first time. */
function compare<T>(what: string, actual: readonly T[], expected: readonly T[], say: Say): void {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index++) {
    if (Object.is(actual[index], expected[index])) continue;
    say(
      `${what}: entry ${index + 1} is ${actual[index]}, expected ${expected[index]} ` +
        `(${actual.length} entries, expected ${expected.length})`,
    );
    return;
  }
}
