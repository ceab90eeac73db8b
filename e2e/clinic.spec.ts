import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PLANTED, writePlantedDataset } from './support/planted-dataset.js';
import { TestStack } from './support/test-stack.js';

/** From real training to a diagnosis: causes that were planted in a dataset, and healthy classes beside them. */
const CONFIG = {
  dataset: 'planted',
  split: { labelledList: 'labelled.txt' },
  method: { name: 'unimatch', confidence: 0.9 },
  network: { width: 0.125 },
  optimiser: { learningRate: 0.05 },
  augmentation: { crop: [32, 32], scales: [1], flip: 0 },
  training: {
    iterations: 300,
    batchLabelled: 8,
    batchUnlabelled: 4,
    sampleImages: 0,
    evaluateEvery: 100,
    logEvery: 5,
    checkpointEvery: 1000,
  },
};

interface Checkup {
  name: string;
  labelledImages: number;
  cropShare: number;
  diagnosis: { summary: string; findings: { cause: string }[]; remedies: { settings: object }[] } | null;
}

const stack = new TestStack();

beforeAll(async () => {
  await stack.startServer();
  const directory = join(stack.folder, 'planted');
  await writePlantedDataset(directory);
  await stack.registerRunner('r', '--data', directory);
  stack.startRunner('r');
}, 120_000);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(stack.output);
});
afterAll(() => stack.close());

test('the clinic names the planted cause of each class first, and none for healthy classes', async () => {
  const id = await stack.queue(CONFIG);
  const fields = `clinic { name labelledImages labelledShare cropShare pseudoShare confidence iou precision recall takenFor { name share }
    firstPredictedStep lostStep diagnosis { summary findings { cause strength words } remedies { words settings } } }`;
  const run = await stack.ended<{ clinic: Checkup[] }>(id, fields);
  expect(run.state).toBe('COMPLETED');
  const causes = Object.fromEntries(
    run.clinic.map(({ name, diagnosis }) => [name, diagnosis && diagnosis.findings[0]!.cause]),
  );
  expect(causes, JSON.stringify(run.clinic, null, 1)).toEqual({
    [PLANTED.ground]: null,
    [PLANTED.red]: null,
    [PLANTED.green]: null,
    [PLANTED.starved]: 'STARVED_IN_CROPS',
    [PLANTED.confused]: 'CONFUSED',
    [PLANTED.unsure]: 'EXCLUDED_BY_CONFIDENCE',
    [PLANTED.missing]: 'NO_LABELS',
  });
});
