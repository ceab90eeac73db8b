import { describe, expect, it } from 'vitest';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import type { Dataset, LabelledImage } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { drawSplit } from '../splits/splits.js';
import { evaluationImage } from './evaluation-images.js';
import { createLoader, type LoaderOptions, type Streams } from './loader.js';

const STREAMS: Streams = { unlabelled: true, mix: 'own order', strongViews: 0 };

function configOf(changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 0.125 },
    method: { name: 'cps_cutmix' },
    training: { batchLabelled: 2, batchUnlabelled: 3 },
    seed: 5,
    ...changes,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

const shapes = openShapes('shapes');
const split = drawSplit(shapes.ids('TRAIN'), 1 / 32, 0);

function loaderOf(changes: Partial<LoaderOptions> = {}) {
  return createLoader({ dataset: shapes, split, config: configOf(), streams: STREAMS, ...changes });
}

/** A dataset of one-colour 32x32 images that records its reads. The colour and the label of an image identify it. */
function plainDataset(count: number): { dataset: Dataset; ids: string[]; reads: string[] } {
  const ids = Array.from({ length: count }, (_, i) => `plain-${String(i).padStart(3, '0')}`);
  const reads: string[] = [];
  const dataset: Dataset = {
    descriptor: { ...shapes.descriptor, ignoreIndex: 254 },
    ids: () => ids,
    unlabelledIds: [],
    classPixels: (id) => shapes.classPixels(id),
    tagged: [],
    forgetCounts() {},
    async load(_subset, id): Promise<LabelledImage> {
      reads.push(id);
      const pixels = new Uint8Array(32 * 32 * 3).fill(ids.indexOf(id));
      const labels = new Uint8Array(32 * 32).fill(ids.indexOf(id));
      return { id, width: 32, height: 32, channels: 3, pixels, labels };
    },
  };
  return { dataset, ids, reads };
}

const PLAIN = { augmentation: { crop: [32, 32] as [number, number], scales: [1], flip: 0 } };

describe('createLoader', () => {
  it('returns batches with the requested shapes and streams', async () => {
    const { labelled, unlabelled, unlabelledMix } = await loaderOf().batch(0);
    expect(labelled).toMatchObject({ count: 2, height: 64, width: 64 });
    expect(labelled.images).toHaveLength(2 * 64 * 64 * 3);
    expect(unlabelled?.labels).toHaveLength(3 * 64 * 64);
    expect(unlabelledMix?.count).toBe(3);
    const alone = await loaderOf({ streams: { unlabelled: false, mix: false, strongViews: 0 } }).batch(0);
    expect(alone).toMatchObject({ unlabelled: null, unlabelledMix: null });
    expect(alone.labelled).toEqual(labelled);
  });

  it('depends only on seed and step, not on earlier calls', async () => {
    const first = loaderOf();
    for (const step of [0, 1, 2]) await first.batch(step);
    expect(await first.batch(40)).toEqual(await loaderOf().batch(40));
    const other = await loaderOf({ config: configOf({ seed: 6 }) }).batch(40);
    expect(other.labelled.images).not.toEqual((await first.batch(40)).labelled.images);
  });

  it('shows every image once per epoch, in a new order each time, without a gap between epochs', async () => {
    const { dataset, ids } = plainDataset(10);
    const config = configOf({ ...PLAIN, training: { batchLabelled: 4, batchUnlabelled: 2 } });
    const loader = createLoader({
      dataset,
      split: { labelled: ids, unlabelled: [] },
      config,
      streams: { unlabelled: false, mix: false, strongViews: 0 },
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
    const config = configOf({ ...PLAIN, training: { batchLabelled: 5, batchUnlabelled: 2 } });
    const streams: Streams = { unlabelled: false, mix: false, strongViews: 0 };
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
    const config = configOf({ ...PLAIN, training });
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
      const config = configOf({ ...PLAIN, training: { batchLabelled: 5, batchUnlabelled: 5, unlabelledOrder } });
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

  it('says which pixels of unlabelled images are padding, if asked', async () => {
    const { dataset, ids } = plainDataset(9);
    const split = { labelled: ids, unlabelled: ids };
    const config = configOf({ augmentation: { crop: [40, 48], scales: [0.5, 1, 2], flip: 0.5 } });
    const loader = createLoader({ dataset, split, config, streams: { ...STREAMS, padding: true } });
    const { labelled, unlabelled, unlabelledMix } = await loader.batch(1);
    expect(labelled.padding).toBeUndefined();
    for (const batch of [unlabelled!, unlabelledMix!]) {
      // All pixels of these images have labels.
      expect([...batch.padding!]).toEqual([...batch.labels].map((label) => Number(label === 255)));
      expect(new Set(batch.padding)).toEqual(new Set([0, 1]));
    }
    const silent = createLoader({ dataset, split, config, streams: STREAMS });
    expect((await silent.batch(1)).unlabelled).not.toHaveProperty('padding');
  });

  it('changes the colours of strong views as strongly as the method asks for', async () => {
    const views = async (streams: Partial<Streams>) => {
      const { unlabelled } = await loaderOf({ streams: { ...STREAMS, strongViews: 1, ...streams } }).batch(0);
      return unlabelled!.strong[0]!;
    };
    expect(await views({ colours: 'strong' })).toEqual(await views({}));
    expect(await views({ colours: 'milder' })).not.toEqual(await views({}));
  });

  it('returns strong views only of unlabelled images: same geometry and padding, different colours', async () => {
    const config = configOf({ augmentation: { crop: [64, 64], scales: [0.5], flip: 0.5 } });
    const streams: Streams = { unlabelled: true, mix: 'own order', strongViews: 2 };
    const strong = await loaderOf({ config, streams }).batch(3);
    const weak = await loaderOf({ config }).batch(3);
    expect(strong.labelled).toEqual(weak.labelled);
    for (const stream of ['unlabelled', 'unlabelledMix'] as const) {
      const { strong: views, ...batch } = strong[stream]!;
      expect(batch.images).toEqual(weak[stream]!.images);
      expect(weak[stream]!.strong).toEqual([]);
      expect(views.map(({ length }) => length)).toEqual([batch.images.length, batch.images.length]);
      expect(views[0]).not.toEqual(views[1]);
      expect(views[0]).not.toEqual(batch.images);
      const padding = [...batch.labels].flatMap((label, pixel) => (label === 255 ? [pixel * 3] : []));
      expect(padding).toHaveLength(3 * (64 * 64 - 32 * 32));
      for (const view of views) expect(padding.every((at) => view[at] === 0)).toBe(true);
      expect(views.every((view) => view.every(Number.isFinite))).toBe(true);
    }
    expect(strong.unlabelled!.strong[0]).not.toEqual(strong.unlabelledMix!.strong[0]);
    expect(await loaderOf({ config, streams }).batch(3)).toEqual(strong);
  });

  it("turns the dataset's ignore index into 255", async () => {
    const { dataset, ids } = plainDataset(1);
    const ignoring: Dataset = {
      ...dataset,
      load: async (...args) => ({ ...(await dataset.load(...args)), labels: new Uint8Array(32 * 32).fill(254) }),
    };
    const streams: Streams = { unlabelled: false, mix: false, strongViews: 0 };
    const config = configOf(PLAIN);
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
      const config = configOf({ ...PLAIN, training: { batchLabelled: 4, batchUnlabelled: 2 } });
      const streams: Streams = { unlabelled: false, mix: false, strongViews: 0 };
      const cacheBytes = room * bytesOfOne;
      const loader = createLoader({ dataset, split: { labelled: ids, unlabelled: [] }, config, streams, cacheBytes });
      for (let step = 0; step < 3; step++) await loader.batch(step);
      expect(reads).toHaveLength(expected);
    }
  });

  describe('with rare class sampling', () => {
    /** Image i holds class i only, in all of its pixels. */
    const labels = (batch: { labels: Uint8Array; count: number }) =>
      Array.from({ length: batch.count }, (_, i) => batch.labels[i * 32 * 32]!);
    const sampled = (share: number, changes: Partial<RunConfigInput> = {}) => {
      const { dataset, ids } = plainDataset(6);
      // By these counts, which are not those of the pixels, class 5 is by far the rarest, and class 4 is missing.
      const counts = [1000, 1000, 1000, 1000, 0, 10];
      const classPixels = new Map(
        ids.map((id, i) => [id, counts.map((count, index) => (index === i ? count : 0)).concat(0)] as const),
      );
      const training = { batchLabelled: 4, batchUnlabelled: 2 };
      const config = configOf({ ...PLAIN, training, balance: { sampling: { share, temperature: 0.01 } }, ...changes });
      const streams: Streams = { unlabelled: false, mix: false, strongViews: 0 };
      return createLoader({ dataset, split: { labelled: ids, unlabelled: ids }, config, streams, classPixels });
    };

    it('draws its share of the labelled images for a class, and shows the others once per epoch, in the usual order', async () => {
      const loader = sampled(0.5);
      const plain = sampled(0.5, { balance: null });
      const seen: number[] = [];
      for (let step = 0; step < 6; step++) seen.push(...labels((await loader.batch(step)).labelled));
      const ordinary = seen.filter((_, position) => position % 2 === 0);
      const usual = [...labels((await plain.batch(0)).labelled), ...labels((await plain.batch(1)).labelled)];
      expect(ordinary.slice(0, 6)).toEqual(usual.slice(0, 6));
      expect([...ordinary.slice(6)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      // exp((1000 - 10) / 4010 / 0.01) to one.
      expect(new Set(seen.filter((_, position) => position % 2 === 1))).toEqual(new Set([5]));
    });

    it('draws the same at a step whatever came before, and something else with another seed', async () => {
      const balance = { sampling: { share: 1, temperature: 1000 } };
      const first = sampled(1, { balance });
      const drawn: number[] = [];
      for (let step = 0; step < 12; step++) {
        const batch = await first.batch(step);
        drawn.push(...labels(batch.labelled));
        if (step === 11) expect(await sampled(1, { balance }).batch(11)).toEqual(batch);
      }
      expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 5]));
      const other = sampled(1, { balance, seed: 6 });
      const others: number[] = [];
      for (let step = 0; step < 12; step++) others.push(...labels((await other.batch(step)).labelled));
      expect(others).not.toEqual(drawn);
    });

    it('crops again until the class is in the crop', async () => {
      const { dataset, ids } = plainDataset(1);
      // One corner of 32x32 pixels in an image of 160x160 has the class.
      const image: LabelledImage = { ...(await dataset.load('TRAIN', ids[0]!)), width: 160, height: 160 };
      image.pixels = new Uint8Array(160 * 160 * 3);
      image.labels = new Uint8Array(160 * 160);
      for (let y = 0; y < 32; y++) image.labels.fill(2, y * 160, y * 160 + 32);
      const shown = async (attempts: number) => {
        const loader = createLoader({
          dataset: { ...dataset, load: async () => image },
          split: { labelled: ids, unlabelled: [] },
          config: configOf({ ...PLAIN, balance: { sampling: { share: 1, attempts } } }),
          streams: { unlabelled: false, mix: false, strongViews: 0 },
          classPixels: new Map([[ids[0]!, [24_576, 0, 1024, 0]]]),
        });
        let crops = 0;
        for (let step = 0; step < 50; step++) {
          const { labelled } = await loader.batch(step);
          for (let i = 0; i < 2; i++) {
            const crop = labelled.labels.subarray(i * 1024, (i + 1) * 1024);
            if (crop.filter((label) => label === 2).length >= 0.0057 * 1024) crops++;
          }
        }
        return crops;
      };
      expect(await shown(1)).toBeLessThan(15);
      expect(await shown(100)).toBeGreaterThan(95);
    });

    it('leaves the unlabelled images as they are', async () => {
      const classPixels = new Map(split.labelled.map((id) => [id, [100, 5, 4, 3, 2, 1, 1, 0]] as const));
      const balanced = loaderOf({ config: configOf({ balance: { sampling: { share: 1 } } }), classPixels });
      const [batches, usual] = [await balanced.batch(3), await loaderOf().batch(3)];
      expect(batches.unlabelled).toEqual(usual.unlabelled);
      expect(batches.unlabelledMix).toEqual(usual.unlabelledMix);
      expect(batches.labelled.images).not.toEqual(usual.labelled.images);
    });
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

describe('evaluationImage', () => {
  it('is the whole image, unscaled', async () => {
    const id = shapes.ids('VAL')[3]!;
    const batch = await evaluationImage(shapes, 'VAL', id);
    expect(batch).toMatchObject({ count: 1, height: 64, width: 64 });
    expect(batch.labels).toEqual((await shapes.load('VAL', id)).labels);
  });
});
