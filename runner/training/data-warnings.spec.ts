import { expect, test } from 'vitest';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import type { SplitConfig } from '../../schema/split-config.js';
import { countLabelled } from '../data/augment/class-sampling.js';
import type { ClassInfo, OpenDataset } from '../data/dataset.js';
import { openShapes } from '../data/formats/shapes/shapes-dataset.js';
import { splitWarnings } from './data-warnings.js';

const shapes = openShapes('shapes');
/** Of the classes of shapes, each image holds the listed ones. */
function datasetOf(held: Record<string, number[]>): OpenDataset {
  const classes = shapes.descriptor.classes.length;
  return {
    ...shapes,
    ids: (subset) => (subset === 'TRAIN' ? Object.keys(held) : []),
    classPixels: async (id) =>
      Array.from({ length: classes + 1 }, (_, i) => (held[id]!.includes(i) || i === classes ? 9 : 0)),
    source: { name: 'shapes', kind: 'shapes', directory: null },
  };
}
/** The warnings of a split that labels these images. */
const warningsOf = async (dataset: OpenDataset, labelled: string[], config: SplitConfig = DRAWN) =>
  splitWarnings(dataset, await countLabelled(dataset, labelled), config);
const DRAWN: SplitConfig = { labelledRatio: 0.5, seed: 0, cover: false };
const BLACK: ClassInfo['color'] = [0, 0, 0];
const all = [...shapes.descriptor.classes.keys()];

test('a split whose labelled images hold all classes that the training labels hold is fine', async () => {
  expect(await warningsOf(datasetOf({ a: all, b: [0] }), ['a'])).toEqual([]);
  // No label holds the others, which is said about the dataset.
  expect(await warningsOf(datasetOf({ a: [0, 1], b: [0] }), ['a'])).toEqual([]);
});

test('classes that only hidden labels hold are named, and what to do', async () => {
  const [ring, star] = [4, 6].map((index) => shapes.descriptor.classes[index]!.name);
  expect(await warningsOf(datasetOf({ a: [0, 1], b: [0, 6], c: [4] }), ['a'])).toEqual([
    `no labelled image of this split holds ${ring}, ${star}, which other training labels do, so no network can learn ` +
      'them; set split.cover to true, label more images, or choose another split.seed',
  ]);
});

test('the advice for a list is to add images to it', async () => {
  const list: SplitConfig = { labelledList: 'mine.txt', unlabelledList: null };
  const [warning] = await warningsOf(datasetOf({ a: [0, 1], b: [4] }), ['a'], list);
  expect(warning).toMatch(/so no network can learn them; add images that hold them to split.labelledList$/);
});

test('hundreds of classes with long names leave room for the advice', async () => {
  const classes = Array.from({ length: 250 }, (_, at) => ({ name: 'x'.repeat(120) + at, color: BLACK }));
  const dataset: OpenDataset = {
    ...datasetOf({ a: [], b: [] }),
    descriptor: { ...shapes.descriptor, classes },
    classPixels: async (id) => classes.map((_, at) => (id === 'b' || at === 0 ? 1 : 0)),
  };
  const [warning] = await warningsOf(dataset, ['a']);
  expect(warning!.length).toBeLessThan(MOST_CHARACTERS.alarm);
  expect(warning).toContain('and 245 more');
  expect(warning).toMatch(/another split.seed$/);
});

test('a split without a single labelled pixel is refused, with its images', async () => {
  await expect(warningsOf(datasetOf({ a: [], b: [], c: all }), ['a', 'b'])).rejects.toThrow(
    'no pixel of the 2 labelled images has a class, so there is nothing to learn from (a, b); label other images',
  );
});

test('the built-in dataset counts its pixels', async () => {
  const id = shapes.ids('TRAIN')[0]!;
  const { labels } = await shapes.load('TRAIN', id);
  const counts = await shapes.classPixels(id);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(64 * 64);
  expect(counts[0]).toBe(labels.filter((label) => label === 0).length);
});
