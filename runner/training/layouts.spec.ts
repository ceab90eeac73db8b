import { rm } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { openDataset } from '../data/open.js';
import { SAMPLE_LAYOUTS, type SampleLayout, writeSample } from '../data/testing/sample-layouts.js';
import { Recorder, tinyEngine, tinyRun } from '../testing/tiny.js';

/** What training on a folder reports, without what depends on the clock. */
async function numbersOf(kind: string, directory: string): Promise<unknown> {
  const dataset = await openDataset({ name: 'data', kind, directory });
  const { end, tracker } = await tinyRun(
    {
      dataset: 'data',
      split: { labelledRatio: 0.5 },
      method: { name: 'supervised' },
      augmentation: { crop: [32, 32] },
      training: { iterations: 2, batchLabelled: 2, sampleImages: 0 },
    },
    { on: dataset, engine: await tinyEngine(), tracker: new Recorder() },
  );
  expect(end).toEqual({ outcome: 'completed' });
  expect(tracker.series('loss_supervised/branch1')).toHaveLength(2);
  return [tracker.numbers(), tracker.all('evaluation').map(({ subset, confusion }) => [subset, confusion])];
}

/** By what training depends on, so that layouts with the same pixels share a reference. */
const references = new Map<string, Promise<unknown>>();
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

function referenceOf({ classes, channels, allLabelled, nameOf }: SampleLayout, folder: string): Promise<unknown> {
  const key = [classes.length, channels, allLabelled, nameOf?.(0)].join();
  const found = references.get(key) ?? numbersOf('folder', folder);
  references.set(key, found);
  return found;
}

test.each(SAMPLE_LAYOUTS.map((layout) => [layout.title, layout] as const))(
  '%s trains to the same numbers, digit for digit, as the folder format',
  async (_, layout) => {
    const { root, folder } = await writeSample(layout);
    folders.push(root, folder);
    expect(await numbersOf(layout.kind, root)).toEqual(await referenceOf(layout, folder));
  },
);
