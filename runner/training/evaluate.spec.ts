import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.js';
import { evaluationImage } from '../data/loading/evaluation-images.js';
import { tinyConfig, tinyEngine, tinyShapes } from '../testing/tiny.js';
import type { Branches } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import { Confusion } from './confusion.js';
import { evaluate } from './evaluate.js';
import { mostProbable, predictLabels } from './predictions.js';

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
    for (const id of dataset.ids('VAL')) {
      const image = await evaluationImage(dataset, 'VAL', id);
      single.add(image.labels, (await predictLabels(branches, image, classes)).get('ENSEMBLE')!);
    }
    expect([...together!.keys()]).toEqual(['BRANCH1', 'BRANCH2', 'ENSEMBLE']);
    expect(together!.get('ENSEMBLE')!.counts).toEqual(single.counts);
    expect(single.counts.reduce((sum, count) => sum + count, 0)).toBe(3 * 64 * 64);
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
    expect((await predictLabels(branches, image, classes)).get('ENSEMBLE')).toEqual(mostProbable(mean, classes));
  });
});
