import { describe, expect, it } from 'vitest';
import { loaderConfigOf, loaderOf, plainDataset, STREAMS } from '../testing/plain-images.js';
import { createLoader, type Streams } from './loader.js';

describe('createLoader', () => {
  it('says which pixels of unlabelled images are padding, if asked', async () => {
    const { dataset, ids } = plainDataset(9);
    const split = { labelled: ids, unlabelled: ids };
    const config = loaderConfigOf({ augmentation: { crop: [40, 48], scales: [0.5, 1, 2], flip: 0.5 } });
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
    const config = loaderConfigOf({ augmentation: { crop: [64, 64], scales: [0.5], flip: 0.5 } });
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
});
