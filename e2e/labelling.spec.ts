import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WITH_BLUE, WRONGLY_LABELLED, writeLabellingDataset } from './support/labelling-dataset.js';
import { TestStack } from './support/test-stack.js';

/** From real training to the lists: an unlabelled image with a rare class, and a label that was planted wrong. */
const CONFIG = {
  dataset: 'labelling',
  split: { labelledRatio: 1 },
  method: { name: 'cps', weight: 0.5, rampUp: 0.5 },
  network: { width: 0.125 },
  optimiser: { learningRate: 0.05 },
  // Without crops and scales, the networks learn the wrong label by heart, and do not doubt it.
  augmentation: { crop: [32, 32] },
  training: {
    iterations: 250,
    ...{ batchLabelled: 8, batchUnlabelled: 4, sampleImages: 0, evaluateEvery: 1000, checkpointEvery: 1000 },
  },
};

interface Pictures {
  inputUrl: string;
  labelUrl: string | null;
  predictionUrl: string;
  differenceUrl: string;
}

interface Lists {
  labelNext: { imageId: string; score: number; pictures: Pictures | null }[];
  suspiciousLabels: { imageId: string; doubts: { label: string; takenFor: string }[]; pictures: Pictures | null }[];
}

const stack = new TestStack();

beforeAll(async () => {
  await stack.startServer();
  const directory = join(stack.folder, 'labelling');
  await writeLabellingDataset(directory);
  await stack.registerRunner('r', '--data', directory);
  stack.startRunner('r');
}, 120_000);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(stack.output);
});
afterAll(() => stack.close());

test('images that hold a wanted class are ranked first, and a label that is wrong is found', async () => {
  const id = await stack.queue(CONFIG);
  const pictures = 'pictures { inputUrl labelUrl predictionUrl differenceUrl }';
  const run = await stack.ended<Lists>(
    id,
    `labelNext(forClass: "blue", first: 16) { imageId score ${pictures} }
     suspiciousLabels { imageId doubts { label takenFor pixels labelProbability } ${pictures} }`,
  );
  expect(run.state).toBe('COMPLETED');
  const ranked = run.labelNext.map(({ imageId }) => imageId);
  expect(ranked.slice(0, 2).sort(), JSON.stringify(run.labelNext)).toEqual(WITH_BLUE);
  expect(ranked).toHaveLength(16);
  const [suspicious] = run.suspiciousLabels;
  expect(suspicious, JSON.stringify(run.suspiciousLabels)).toMatchObject({
    imageId: WRONGLY_LABELLED,
    doubts: [{ label: 'red', takenFor: 'green' }, ...suspicious!.doubts.slice(1)],
  });
  for (const url of [...Object.values(run.labelNext[0]!.pictures!), ...Object.values(suspicious!.pictures!)]) {
    if (url === null) continue;
    const response = await fetch(`${stack.url}${url}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  }
  expect(suspicious!.pictures!.labelUrl).not.toBeNull();
  expect(run.labelNext[0]!.pictures!.labelUrl).toBeNull();
});
