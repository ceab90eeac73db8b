import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { TestStack } from './support/test-stack.js';
import { writeTinyDataset } from './support/tiny-dataset.js';

/**
 * Kills real runner and server processes while a run trains. The run must still end COMPLETED, and its history must equal that of
 * an undisturbed run, number for number.
 */
const ITERATIONS = 32;
const CONFIG = {
  dataset: 'tiny',
  split: { labelledRatio: 0.25 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32], scales: [1] },
  training: {
    iterations: ITERATIONS,
    batchLabelled: 2,
    batchUnlabelled: 2,
    evaluateEvery: 16,
    evaluateImages: 2,
    sampleEvery: 16,
    sampleImages: 1,
    checkpointEvery: 4,
    logEvery: 1,
  },
};

/** For tests that only check how a run ends. */
const SHORT = { ...CONFIG, training: { ...CONFIG.training, iterations: 2 } };

interface Run {
  state: string;
  step: number;
  failure: string | null;
  attempts: { state: string; message: string | null }[];
  phase: string | null;
  metrics: { name: string; steps: number[]; values: number[] }[];
  evaluation: { confusion: number[]; images: { totalCount: number; edges: { node: Image }[] } } | null;
}

interface Image {
  imageId: string;
  confusion: { truth: number; prediction: number; pixels: number }[];
}

const stack = new TestStack({ LEASE_SECONDS: '6', HEARTBEAT_SECONDS: '1', SWEEP_SECONDS: '1', POLL_SECONDS: '2' });
const tiny = join(stack.folder, 'tiny');
let runner: Program;
let undisturbed: Run;

beforeAll(async () => {
  await stack.startServer();
  await writeTinyDataset(tiny);
  await stack.registerRunner('r', '--data', tiny);
  runner = stack.startRunner('r');
  undisturbed = await ended(await queue());
  expect(undisturbed).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'SUCCEEDED' }] });
}, 240_000);

beforeEach(() => {
  if (!runner.isRunning) runner = stack.startRunner('r');
});
afterEach((context) => {
  if (context.task.result?.state === 'fail') console.error(`${stack.server?.output.slice(-4000)}\n${runner.output}`);
});
afterAll(() => stack.close());

const FIELDS = `step failure phase attempts { state message } metrics(maxPoints: 2000) { name steps values }
  evaluation(network: ENSEMBLE) {
    confusion images { totalCount edges { node { imageId confusion { truth prediction pixels } } } }
  }`;

const queue = (config: object = CONFIG) => stack.queue(config);

const look = (id: string) => stack.run<Run>(id, `state ${FIELDS}`);

/** Waits until the run has reached this step, and returns it. */
async function step(id: string, atLeast: number): Promise<Run> {
  await until(`step ${atLeast}`, 120, async () => {
    const run = await stack.run<Pick<Run, 'step' | 'failure'>>(id, 'step failure');
    if (run.failure) throw new Error(run.failure);
    return run.step >= atLeast;
  });
  return look(id);
}

const ended = (id: string) => stack.ended<Run>(id, FIELDS);

/** Everything except the speed, which differs between runs. */
function history(run: Run): Run['metrics'] {
  const byTheClock = ['images_per_second', 'data_wait'];
  return run.metrics.filter(({ name }) => !byTheClock.includes(name));
}

function trainingProcess(agent: Program): number {
  return Number(execFileSync('pgrep', ['--parent', String(agent.pid)], { encoding: 'utf8' }).trim());
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('every iteration is reported once, and each network is evaluated', async () => {
  const loss = undisturbed.metrics.find((metric) => metric.name.startsWith('loss'));
  expect(loss?.steps).toEqual(Array.from({ length: ITERATIONS }, (_, index) => index + 1));
});

test('the images of an evaluation add up to its confusion matrix', () => {
  const { confusion, images } = undisturbed.evaluation!;
  const classes = Math.sqrt(confusion.length);
  const sums = new Array<number>(confusion.length).fill(0);
  for (const { node } of images.edges) {
    for (const { truth, prediction, pixels } of node.confusion) sums[truth * classes + prediction]! += pixels;
  }
  expect(images.totalCount).toBe(images.edges.length);
  expect(images.totalCount).toBeGreaterThan(1);
  expect(sums).toEqual(confusion);
});

test('kill -9 of the server while a run trains', async () => {
  const id = await queue();
  const acknowledged = await step(id, 6);
  await stack.server!.kill();
  await until('the runner to notice that the server is unavailable', 60, () =>
    runner.output.includes('the server is unavailable'),
  );
  await stack.startServer();
  const run = await ended(id);
  expect(run).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'SUCCEEDED' }] });
  expect(history(run)).toEqual(history(undisturbed));
  for (const { name, steps, values } of history(acknowledged)) {
    const after = run.metrics.find((metric) => metric.name === name)!;
    expect(steps.map((one) => after.values[after.steps.indexOf(one)])).toEqual(values);
  }
});

test('kill -9 of the training process', async () => {
  const id = await queue();
  expect((await step(id, 6)).phase).toMatch(/TRAINING|EVALUATING/);
  process.kill(trainingProcess(runner), 'SIGKILL');
  const run = await ended(id);
  expect(run).toMatchObject({ phase: null, evaluation: undisturbed.evaluation });
  expect(run).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'LOST' }, { state: 'SUCCEEDED' }] });
  expect(run.attempts[0]!.message).toContain('SIGKILL');
  expect(history(run)).toEqual(history(undisturbed));
});

test('kill -9 of the agent: its training process exits, and the run resumes at the next start', async () => {
  const id = await queue();
  await step(id, 6);
  const training = trainingProcess(runner);
  await runner.kill();
  await until('the training process to end', 60, () => !isAlive(training));
  runner = stack.startRunner('r');
  const run = await ended(id);
  expect(run).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'LOST' }, { state: 'SUCCEEDED' }] });
  expect(history(run)).toEqual(history(undisturbed));
});

test('an agent that does not come back: the run resumes on another runner', async () => {
  await stack.registerRunner('other', '--data', tiny);
  const id = await queue();
  await step(id, 6);
  await runner.kill();
  const other = stack.startRunner('other');
  const run = await ended(id);
  expect(run).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'LOST' }, { state: 'SUCCEEDED' }] });
  expect(history(run)).toEqual(history(undisturbed));
  expect(await other.stop()).toBe(0);
});

test('SIGTERM: the run writes a checkpoint, returns to the queue and resumes from there', async () => {
  const id = await queue();
  await step(id, 6);
  expect(await runner.stop()).toBe(0);
  expect(await look(id)).toMatchObject({ state: 'QUEUED', phase: null, attempts: [{ state: 'RELEASED' }] });
  runner = stack.startRunner('r');
  const run = await ended(id);
  expect(run).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'RELEASED' }, { state: 'SUCCEEDED' }] });
  expect(history(run)).toEqual(history(undisturbed));
});

test('a canceled run stops, and its slot trains the next one', async () => {
  const id = await queue({ ...CONFIG, training: { ...CONFIG.training, iterations: 100_000 } });
  const next = await queue(SHORT);
  await step(id, 5);
  await stack.send('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id });
  expect(await ended(id)).toMatchObject({ state: 'CANCELED', attempts: [{ state: 'CANCELED' }] });
  expect(await ended(next)).toMatchObject({ state: 'COMPLETED' });
});

test('start --once trains one run, and its exit code says how the run ended', async () => {
  await runner.stop();
  await queue(SHORT);
  expect(await stack.startRunner('r', '--once').ended()).toBe(0);
  expect(await stack.startRunner('r', '--once').ended(), 'nothing is left to do').toBe(3);
});
