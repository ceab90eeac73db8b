import { beforeAll, describe, expect, it } from 'vitest';
import { readSparseCounts } from '../../schema/sparse-counts.js';
import type { Dataset } from '../data/dataset.js';
import { evaluationImage } from '../data/loading/evaluation-images.js';
import { tinyConfig, tinyEngine, tinyShapes } from '../testing/tiny.js';
import type { Branches } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import { Confusion } from './confusion.js';
import { evaluate } from './evaluate.js';
import { mostProbable, predict } from './predictions.js';

let dataset: Dataset;
let branches: Branches;
let classes: number;

beforeAll(async () => {
  const engine = await tinyEngine();
  dataset = await tinyShapes();
  classes = dataset.descriptor.classes.length;
  // The images are 64x64 and the crops 32x32, so every image is predicted with sliding windows.
  branches = await openBranches({ config: tinyConfig(), classes, inputChannels: 3 }, engine);
  return () => branches.dispose();
});

describe('evaluate', () => {
  it('counts the pixels of a subset as if images were evaluated one at a time', async () => {
    const together = await evaluate({ branches, dataset, subset: 'VAL', images: null, stopped: () => false });
    const single = new Confusion(classes);
    const ofImages: number[][] = [];
    for (const id of dataset.ids('VAL')) {
      const image = await evaluationImage(dataset, 'VAL', id);
      const prediction = (await predict(branches, image, classes)).get('ENSEMBLE')!.labels;
      single.add(image.labels, prediction);
      const alone = new Confusion(classes);
      alone.add(image.labels, prediction);
      ofImages.push(alone.counts);
    }
    expect([...together!.keys()]).toEqual(['BRANCH1', 'BRANCH2', 'ENSEMBLE']);
    expect(together!.get('ENSEMBLE')!.counts).toEqual(single.counts);
    expect(single.counts.reduce((sum, count) => sum + count, 0)).toBe(3 * 64 * 64);
    const { ids, counts } = together!.get('ENSEMBLE')!.images();
    expect(ids).toEqual(dataset.ids('VAL'));
    const { starts, cells, pixels } = readSparseCounts(counts, ids.length, classes);
    const dense = ids.map((_, image) => {
      const matrix = new Array<number>(classes ** 2).fill(0);
      for (let i = starts[image]!; i < starts[image + 1]!; i++) matrix[cells[i]!] = pixels[i]!;
      return matrix;
    });
    expect(dense).toEqual(ofImages);
  });

  it('counts images of different sizes in their order', async () => {
    const [first, second, third] = dataset.ids('VAL') as [string, string, string];
    // The second one is cut in half, so it cannot be in one batch with the others.
    const load: Dataset['load'] = async (subset, id) => {
      const image = await dataset.load(subset, id);
      if (id !== second) return image;
      const [pixels, labels] = [image.pixels, image.labels].map((values) => values.slice(0, values.length / 2));
      return { ...image, height: image.height / 2, pixels: pixels!, labels: labels as Uint8Array };
    };
    const mixed = { ...dataset, load, ids: () => [first, third, second, first] };
    const found = await evaluate({ branches, dataset: mixed, subset: 'VAL', images: null, stopped: () => false });
    const { ids, counts } = found!.get('BRANCH1')!.images();
    const { starts, pixels } = readSparseCounts(counts, 4, classes);
    const sizes = ids.map((_, i) => pixels.subarray(starts[i]!, starts[i + 1]!).reduce((sum, count) => sum + count, 0));
    expect(ids).toEqual([first, third, second, first]);
    expect(sizes).toEqual([64 * 64, 64 * 64, 32 * 64, 64 * 64]);
  });

  it('evaluates only the first images on request, nothing for an empty subset, and stops on request', async () => {
    const one = await evaluate({ branches, dataset, subset: 'VAL', images: 1, stopped: () => false });
    expect(one!.get('BRANCH1')!.counts.reduce((sum, count) => sum + count, 0)).toBe(64 * 64);
    const empty = { ...dataset, ids: () => [] };
    expect(
      (await evaluate({ branches, dataset: empty, subset: 'VAL', images: null, stopped: () => false }))!.size,
    ).toBe(0);
    expect(await evaluate({ branches, dataset, subset: 'VAL', images: null, stopped: () => true })).toBeNull();
  });

  it('predicts probabilities that sum to one, and uses their mean for the ensemble', async () => {
    const image = await evaluationImage(dataset, 'VAL', dataset.ids('VAL')[0]!);
    const [first, second] = await branches.predict(image);
    for (let pixel = 0; pixel < 64 * 64; pixel += 97) {
      const sum = first!.subarray(pixel * classes, (pixel + 1) * classes).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    const mean = first!.map((value, i) => (value + second![i]!) / 2);
    expect((await predict(branches, image, classes)).get('ENSEMBLE')!.labels).toEqual(mostProbable(mean, classes));
  });
});
