import { describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../../schema/run-config.js';
import type { LabelledImage } from '../dataset.js';
import { LABELLED_ONLY, loaderConfigOf, loaderOf, PLAIN, plainDataset, split } from '../testing/plain-images.js';
import { createLoader } from './loader.js';

describe('rare class sampling', () => {
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
    const config = loaderConfigOf({
      ...PLAIN,
      training,
      balance: { sampling: { share, temperature: 0.01 } },
      ...changes,
    });
    const streams = LABELLED_ONLY;
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
        config: loaderConfigOf({ ...PLAIN, balance: { sampling: { share: 1, attempts } } }),
        streams: LABELLED_ONLY,
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
    const balanced = loaderOf({ config: loaderConfigOf({ balance: { sampling: { share: 1 } } }), classPixels });
    const [batches, usual] = [await balanced.batch(3), await loaderOf().batch(3)];
    expect(batches.unlabelled).toEqual(usual.unlabelled);
    expect(batches.unlabelledMix).toEqual(usual.unlabelledMix);
    expect(batches.labelled.images).not.toEqual(usual.labelled.images);
  });
});
