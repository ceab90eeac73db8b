import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TestStack } from './support/test-stack.js';
import { writeTinyDataset } from './support/tiny-dataset.js';

/** From real training to the API: runs that fail because training went wrong. */
const CONFIG = {
  dataset: 'shapes',
  split: { labelledRatio: 0.125 },
  method: { name: 'supervised' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { iterations: 1, batchLabelled: 2, logEvery: 1 },
};
/** Evaluating the built-in dataset at the end of a run takes longer than such a run. */
const SOUND = { ...CONFIG, dataset: 'tiny', split: { labelledRatio: 0.25 } };
const DIVERGING = {
  ...CONFIG,
  optimiser: { learningRate: 10, momentum: 0.99, weightDecay: 1 },
  training: { ...CONFIG.training, iterations: 10_000 },
};
const COLLAPSING = {
  ...CONFIG,
  method: { name: 'cps' },
  // So high that the networks predict one class everywhere.
  optimiser: { learningRate: 2, power: 0 },
  alarms: { stopOn: ['TAKEOVER'] },
  training: {
    iterations: 14,
    batchLabelled: 2,
    batchUnlabelled: 2,
    logEvery: 1,
    evaluateEvery: 2,
    evaluateImages: 4,
    checkpointEvery: 1000,
    sampleImages: 0,
  },
};

interface Run {
  step: number;
  failure: string | null;
  attempts: { state: string; message: string | null }[];
  metrics: { name: string; steps: number[]; values: unknown[] }[];
  alarms: { step: number; kind: string; classIndex: number | null; message: string }[];
  pseudoLabels: {
    step: number;
    network: string;
    coverage: number;
    classes: { share: number; labelledShare: number; iou: number | null }[];
  }[];
}

const FIELDS = `step failure attempts { state message } metrics(maxPoints: 2000) { name steps values }
  alarms { step kind classIndex message }
  pseudoLabels { step network coverage classes { share labelledShare iou } }`;

const stack = new TestStack();

beforeAll(async () => {
  await stack.startServer();
  const tiny = join(stack.folder, 'tiny');
  await writeTinyDataset(tiny);
  await stack.registerRunner('r', '--data', tiny);
  stack.startRunner('r');
}, 120_000);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(stack.output);
});
afterAll(() => stack.close());

test('a run that diverges fails with the loss, the step and advice, and the runner completes the next one', async () => {
  const [diverging, next] = [await stack.queue(DIVERGING), await stack.queue(SOUND)];

  const failed = await stack.ended<Run>(diverging, FIELDS);
  expect(failed).toMatchObject({ state: 'FAILED', attempts: [{ state: 'FAILED', message: failed.failure }] });
  expect(failed.failure).toMatch(
    /^loss\S* became (NaN|-?Infinity) at step \d+ with learning rate [\d.]+; lower optimiser\.learningRate$/,
  );
  expect(failed.failure).toContain(`at step ${failed.step} `);
  const loss = failed.metrics.find(({ name }) => name === 'loss');
  expect(loss?.steps.at(-1)).toBe(failed.step);
  expect(loss?.values.at(-1)).toMatch(/^(NaN|-?Infinity)$/);

  expect(await stack.ended<Run>(next, FIELDS)).toMatchObject({
    state: 'COMPLETED',
    failure: null,
    attempts: [{ state: 'SUCCEEDED' }],
  });
  await stack.assertRunning();
});

test('an alarm in stopOn stops the run, and a retried run continues in spite of it', async () => {
  const id = await stack.queue(COLLAPSING);

  const stopped = await stack.ended<Run>(id, FIELDS);
  const alarm = stopped.alarms.find(({ kind }) => kind === 'TAKEOVER')!;
  expect(stopped).toMatchObject({
    state: 'FAILED',
    step: alarm.step,
    failure: `stopped by the alarm TAKEOVER at step ${alarm.step}: ${alarm.message}`,
  });
  const newest = stopped.pseudoLabels.filter(({ step }) => step === alarm.step);
  expect(newest.map(({ network, coverage }) => [network, coverage])).toEqual([
    ['BRANCH1', 1],
    ['BRANCH2', 1],
  ]);
  for (const { classes } of newest) {
    expect(classes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(classes.reduce((sum, { labelledShare }) => sum + labelledShare, 0)).toBeCloseTo(1, 9);
    expect(classes.some(({ iou }) => iou !== null)).toBe(true);
  }
  // The class that took over makes up most of the pseudo-labels of one network.
  expect(Math.max(...newest.map(({ classes }) => classes[alarm.classIndex!]!.share))).toBeGreaterThan(0.75);

  await stack.send('mutation ($id: ID!) { retryRun(id: $id) { id } }', { id });
  const again = await stack.ended<Run>(id, FIELDS);
  expect(again.step).toBeGreaterThan(alarm.step);
  expect(again.alarms.filter(({ step }) => step <= alarm.step)).toEqual(stopped.alarms);
});
