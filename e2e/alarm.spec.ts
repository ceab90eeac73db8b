import { expect, test } from 'vitest';
import { stackWithRunner } from './support/stack-with-runner.js';

/** From real training to the API: a run that collapses raises an alarm and, if it is listed in `stopOn`, stops. */
const CONFIG = {
  dataset: 'shapes',
  split: { labelledRatio: 0.125 },
  method: { name: 'cps' },
  network: { width: 0.0625 },
  // So high that the networks predict one class everywhere.
  optimiser: { learningRate: 2, power: 0 },
  augmentation: { crop: [32, 32] },
  alarms: { stopOn: ['TAKEOVER'] },
  training: {
    iterations: 30,
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
  alarms: { step: number; kind: string; classIndex: number | null; message: string }[];
  pseudoLabels: {
    step: number;
    network: string;
    coverage: number;
    classes: { share: number; labelledShare: number; iou: number | null }[];
  }[];
}

const stack = stackWithRunner({ POLL_SECONDS: '1' });

const FIELDS = `step failure alarms { step kind classIndex message }
  pseudoLabels { step network coverage classes { share labelledShare iou } }`;

test('an alarm in stopOn stops the run, and a retried run continues in spite of it', async () => {
  await stack.shapesAnnounced();
  const id = await stack.queue(CONFIG);

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
