import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset.js';
import { drawSplit } from '../splits/splits.js';
import {
  LABELLED_ONLY,
  loaderConfigOf,
  loaderOf,
  PLAIN,
  plainDataset,
  STREAMS,
  shapes,
} from '../testing/plain-images.js';
import { createLoader, type Streams } from './loader.js';

describe('createLoader', () => {
  it('returns batches with the requested shapes and streams', async () => {
    const { labelled, unlabelled, unlabelledMix } = await loaderOf().batch(0);
    expect(labelled).toMatchObject({ count: 2, height: 64, width: 64 });
    expect(labelled.images).toHaveLength(2 * 64 * 64 * 3);
    expect(unlabelled?.labels).toHaveLength(3 * 64 * 64);
    expect(unlabelledMix?.count).toBe(3);
    const alone = await loaderOf({ streams: LABELLED_ONLY }).batch(0);
    expect(alone).toMatchObject({ unlabelled: null, unlabelledMix: null });
    expect(alone.labelled).toEqual(labelled);
  });

  it('depends only on seed and step, not on earlier calls', async () => {
    const first = loaderOf();
    for (const step of [0, 1, 2]) await first.batch(step);
    expect(await first.batch(40)).toEqual(await loaderOf().batch(40));
    const other = await loaderOf({ config: loaderConfigOf({ seed: 6 }) }).batch(40);
    expect(other.labelled.images).not.toEqual((await first.batch(40)).labelled.images);
  });

  it('shows every image once per epoch, in a new order each time, without a gap between epochs', async () => {
    const { dataset, ids } = plainDataset(10);
    const config = loaderConfigOf({ ...PLAIN, training: { batchLabelled: 4, batchUnlabelled: 2 } });
    const loader = createLoader({
      dataset,
      split: { labelled: ids, unlabelled: [] },
      config,
      streams: LABELLED_ONLY,
    });
    const seen: number[] = [];
    for (let step = 0; step < 5; step++) {
      const { labels } = (await loader.batch(step)).labelled;
      for (let i = 0; i < 4; i++) seen.push(labels[i * 32 * 32]!);
    }
    const [first, second] = [seen.slice(0, 10), seen.slice(10)];
    expect([...first].sort((a, b) => a - b)).toEqual(ids.map((_, i) => i));
    expect([...second].sort((a, b) => a - b)).toEqual(ids.map((_, i) => i));
    expect(second).not.toEqual(first);
  });

  it('repeats images when there are fewer than the batch size', async () => {
    const { dataset, ids } = plainDataset(2);
    const config = loaderConfigOf({ ...PLAIN, training: { batchLabelled: 5, batchUnlabelled: 2 } });
    const streams = LABELLED_ONLY;
    const loader = createLoader({ dataset, split: { labelled: ids, unlabelled: [] }, config, streams });
    const { labels } = (await loader.batch(0)).labelled;
    const seen = Array.from({ length: 5 }, (_, i) => labels[i * 32 * 32]);
    expect(new Set(seen)).toEqual(new Set([0, 1]));
  });

  it.each([
    ['same order', 'the same images'],
    ['own order', 'other images'],
  ] as const)('in the %s mixes %s', async (mix, _) => {
    const { dataset, ids } = plainDataset(60);
    const training = { batchLabelled: 2, batchUnlabelled: 30 };
    const config = loaderConfigOf({ ...PLAIN, training });
    const streams: Streams = { ...STREAMS, mix };
    const loader = createLoader({ dataset, split: { labelled: ids, unlabelled: ids }, config, streams });
    const { unlabelled, unlabelledMix } = await loader.batch(0);
    if (mix === 'same order') expect(unlabelledMix!.labels).toEqual(unlabelled!.labels);
    else expect(unlabelledMix!.labels).not.toEqual(unlabelled!.labels);
  });

  it('returns no unlabelled images before the first step that has them, and then those of that step', async () => {
    const late = loaderOf({ unlabelledFrom: 2 });
    const { labelled } = await loaderOf().batch(1);
    expect(await late.batch(1)).toEqual({ labelled, unlabelled: null, unlabelledMix: null });
    expect(await late.batch(2)).toEqual(await loaderOf().batch(2));
  });

  it('repeats one order of both unlabelled streams in every epoch, if asked, as the official code of CPS + CutMix', async () => {
    const { dataset, ids } = plainDataset(10);
    const seen = async (unlabelledOrder: 'fixed' | 'reshuffled', mix: Streams['mix']) => {
      const config = loaderConfigOf({ ...PLAIN, training: { batchLabelled: 5, batchUnlabelled: 5, unlabelledOrder } });
      const split = { labelled: ids, unlabelled: ids };
      const loader = createLoader({ dataset, split, config, streams: { ...STREAMS, mix } });
      const epochs = { labelled: ['', ''], unlabelled: ['', ''], unlabelledMix: ['', ''] };
      for (let step = 0; step < 4; step++) {
        const batches = await loader.batch(step);
        for (const stream of ['labelled', 'unlabelled', 'unlabelledMix'] as const) {
          const { labels } = batches[stream]!;
          epochs[stream][Math.floor(step / 2)] += [0, 1, 2, 3, 4].map((i) => labels[i * 32 * 32]).join();
        }
      }
      return epochs;
    };
    const official = await seen('fixed', 'same order');
    expect(official.unlabelled[1]).toBe(official.unlabelled[0]);
    expect(official.unlabelledMix).toEqual(official.unlabelled);
    expect(official.labelled[1]).not.toBe(official.labelled[0]);
    const others = await seen('fixed', 'own order');
    expect(others.unlabelledMix[1]).toBe(others.unlabelledMix[0]);
    expect(others.unlabelledMix[0]).not.toBe(others.unlabelled[0]);
    const usual = await seen('reshuffled', 'same order');
    expect(usual.unlabelled[0]).toBe(official.unlabelled[0]);
    expect(usual.unlabelled[1]).not.toBe(usual.unlabelled[0]);
  });

  it("turns the dataset's ignore index into 255", async () => {
    const { dataset, ids } = plainDataset(1);
    const ignoring: Dataset = {
      ...dataset,
      load: async (...args) => ({ ...(await dataset.load(...args)), labels: new Uint8Array(32 * 32).fill(254) }),
    };
    const streams = LABELLED_ONLY;
    const config = loaderConfigOf(PLAIN);
    const loader = createLoader({ dataset: ignoring, split: { labelled: ids, unlabelled: [] }, config, streams });
    expect(new Set((await loader.batch(0)).labelled.labels)).toEqual(new Set([255]));
  });

  it('reads an image once while the cache has room, and stays within its limit', async () => {
    const bytesOfOne = 32 * 32 * 4;
    for (const [room, expected] of [
      [4, 4],
      [2, 2 + 3 * 2],
    ] as const) {
      const { dataset, ids, reads } = plainDataset(4);
      const config = loaderConfigOf({ ...PLAIN, training: { batchLabelled: 4, batchUnlabelled: 2 } });
      const streams = LABELLED_ONLY;
      const cacheBytes = room * bytesOfOne;
      const loader = createLoader({ dataset, split: { labelled: ids, unlabelled: [] }, config, streams, cacheBytes });
      for (let step = 0; step < 3; step++) await loader.batch(step);
      expect(reads).toHaveLength(expected);
    }
  });

  it('refuses a method that needs unlabelled images if the split has none', () => {
    const everything = drawSplit(shapes.ids('TRAIN'), 1, 0);
    expect(() => loaderOf({ split: everything })).toThrow(
      /"cps_cutmix" trains on unlabelled images.*0\.125.*leaves none: 512 are labelled/,
    );
    expect(() => loaderOf({ split: { labelled: [], unlabelled: ['a'] } })).toThrow('no labelled images');
  });

  it('refuses an invalid step, and every step after it is closed', async () => {
    const loader = loaderOf();
    await expect(loader.batch(-1)).rejects.toThrow('got -1');
    await expect(loader.batch(0.5)).rejects.toThrow('got 0.5');
    await loader.close();
    await expect(loader.batch(0)).rejects.toThrow('closed');
  });
});
