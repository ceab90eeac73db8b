import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../../../../schema/run-config.js';
import type { Dataset } from '../../dataset.js';
import { createLoader } from '../../loading/loader.js';
import { openDataset } from '../../open.js';
import { drawSplit } from '../../splits/splits.js';
import { CAMVID, hasShared } from '../../testing/shared-data.js';

interface Statistics {
  images: number;
  void_fraction: number;
  freq_of_labelled: Record<string, number>;
  images_with_class: Record<string, number>;
}

describe.skipIf(!hasShared(CAMVID))('camvid-small', () => {
  let dataset: Dataset;

  beforeAll(async () => {
    dataset = await openDataset({ name: 'camvid', kind: 'folder', directory: CAMVID });
  });

  it('has the classes and sizes in its README', () => {
    expect(dataset.descriptor.subsets).toEqual({ TRAIN: 367, VAL: 101, TEST: 233 });
    expect(dataset.descriptor.classes).toHaveLength(11);
    expect(dataset.descriptor.classes[8]).toEqual({ name: 'car', color: [64, 0, 128] });
  });

  it.each(['TRAIN', 'VAL', 'TEST'] as const)('has the class frequencies of its classes.json in %s', async (subset) => {
    const file = JSON.parse(await readFile(join(CAMVID, 'classes.json'), 'utf8'));
    const expected: Statistics = file.stats[subset.toLowerCase()];
    const pixels = new Array<number>(256).fill(0);
    const images = new Array<number>(256).fill(0);
    for (const id of dataset.ids(subset)) {
      const { labels } = await dataset.load(subset, id);
      const before = [...pixels];
      for (const label of labels) pixels[label]!++;
      for (const label of images.keys()) if (pixels[label]! > before[label]!) images[label]!++;
    }
    const total = pixels.reduce((sum, count) => sum + count, 0);
    const labelled = total - pixels[255]!;
    expect(pixels[255]! / total).toBeCloseTo(expected.void_fraction, 10);
    for (const [index, { name }] of dataset.descriptor.classes.entries()) {
      expect(pixels[index]! / labelled).toBeCloseTo(expected.freq_of_labelled[name]!, 5);
      expect(images[index]).toBe(expected.images_with_class[name]);
    }
  });

  it('fills batches of road scenes with normal statistics', async () => {
    const result = parseRunConfig({
      dataset: 'camvid',
      split: { labelledRatio: 0.125 },
      method: { name: 'cps_cutmix' },
      augmentation: { crop: [96, 128] },
      training: { batchLabelled: 8, batchUnlabelled: 8 },
    });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const split = drawSplit(dataset.ids('TRAIN'), 0.125, 0);
    expect(split.labelled).toHaveLength(46);
    const streams = { unlabelled: true, mix: 'own order', strongViews: 0 } as const;
    const { labelled } = await createLoader({ dataset, split, config: result.config, streams }).batch(0);
    const mean = labelled.images.reduce((sum, value) => sum + value, 0) / labelled.images.length;
    expect(Math.abs(mean)).toBeLessThan(1);
    expect([...labelled.labels].every((label) => label < 11 || label === 255)).toBe(true);
  });
});
