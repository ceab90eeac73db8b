import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLoader } from '../../runner/data/loading/loader.js';
import { openDataset } from '../../runner/data/open.js';
import { openSplit } from '../../runner/data/splits/splits.js';
import { CITYSCAPES, hasShared } from '../../runner/data/testing/shared-data.js';
import { createMethod } from '../../runner/training/methods/registry.js';
import { cityscapesLike, cityscapesLikeConfig } from './cityscapes-like.js';

const openCityscapes = (name: string, directory: string, opening = {}) =>
  openDataset({ name, kind: 'cityscapes', directory }, opening);

describe.skipIf(!hasShared(CITYSCAPES))('the data bench on large images', () => {
  let directory: string;
  beforeAll(async () => {
    directory = (await cityscapesLike(CITYSCAPES))!;
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('decodes an image for each crop of a step', { timeout: 120_000 }, async () => {
    // Checks the few targets of the links instead of every link, which would decode them all.
    const known = (await openCityscapes('samples', CITYSCAPES)).descriptor;
    const dataset = await openDataset({ name: 'large', kind: 'cityscapes', directory }, { known });
    const image = await dataset.load('TRAIN', dataset.ids('TRAIN')[0]!);
    let decoded = 0;
    const load = async () => {
      decoded += 1;
      return image;
    };
    const config = cityscapesLikeConfig(2);
    const split = await openSplit(dataset, config.split);
    const { streams } = createMethod(config.method);
    const loader = createLoader({ dataset: { ...dataset, load }, split, config, streams, cacheBytes: 0 });
    await loader.batch(0);
    await loader.batch(1);
    expect(decoded).toBe(2 * (8 + 8 + 8));
    await loader.close();
  });
});
