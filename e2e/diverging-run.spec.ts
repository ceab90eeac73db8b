import { expect, test } from 'vitest';
import { stackWithRunner } from './support/stack-with-runner.js';

/** A run that diverges fails with advice, and its runner trains the next run. */
const CONFIG = {
  dataset: 'shapes',
  split: { labelledRatio: 0.125 },
  method: { name: 'supervised' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { iterations: 1, batchLabelled: 2, logEvery: 1 },
};
const DIVERGING = {
  ...CONFIG,
  optimiser: { learningRate: 10, momentum: 0.99, weightDecay: 1 },
  training: { ...CONFIG.training, iterations: 10_000 },
};

interface Run {
  step: number;
  failure: string | null;
  attempts: { state: string; message: string | null }[];
  metrics: { name: string; steps: number[]; values: unknown[] }[];
}

const stack = stackWithRunner({ POLL_SECONDS: '1' });

const FIELDS = 'step failure attempts { state message } metrics(maxPoints: 2000) { name steps values }';

test('a run that diverges fails with the loss, the step and advice, and the runner completes the next one', async () => {
  await stack.shapesAnnounced();
  const [diverging, next] = [await stack.queue(DIVERGING), await stack.queue(CONFIG)];

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
