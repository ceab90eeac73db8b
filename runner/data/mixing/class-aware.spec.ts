import { describe, expect, it } from 'vitest';
import { createLoader } from '../loading/loader.js';
import { type Draw, expectMoved, mixingConfigOf, planted, STREAMS } from '../testing/planted-images.js';
import { rareClasses } from './sources.js';

describe('class_aware', () => {
  /** Class 0 with a square of 4x4 pixels of class 3 at (10, 20). */
  const SQUARE: Draw = (x, y) => (x >= 10 && x < 14 && y >= 20 && y < 24 ? 3 : 0);

  async function batchOf(region: 'box' | 'mask', strongViews: 0 | 2 = 0) {
    const { dataset, split, classPixels } = planted({ square: SQUARE, plain: () => 0 });
    const config = mixingConfigOf({ name: 'class_aware', probability: 1, region });
    const loader = createLoader({ dataset, split, classPixels, config, streams: { ...STREAMS, strongViews } });
    return (await loader.batch(0)).unlabelled!;
  }

  it.each([
    ['mask', (x: number, y: number) => (SQUARE(x, y) === 3 ? 3 : 255)],
    // Half of four pixels more on each side, and what surrounds the object.
    ['box', (x: number, y: number) => (x >= 8 && x < 16 && y >= 18 && y < 26 ? SQUARE(x, y) : 255)],
  ] as const)('pastes exactly the %s, with the labels of its pixels', async (region, expected) => {
    const batch = await batchOf(region);
    expectMoved(batch);
    for (const [at, label] of batch.pasted!.entries()) {
      const inImage = at % 1024;
      expect(label).toBe(expected(inImage % 32, Math.floor(inImage / 32)));
    }
  });

  it('pastes into strong views, too: with the colours of a strong view of the labelled image', async () => {
    const batch = await batchOf('mask', 2);
    const usual = await batchOf('mask');
    expect(batch.images).toEqual(usual.images);
    for (const strong of batch.strong) {
      const values = { pasted: new Set<number>(), other: new Set<number>() };
      for (let at = 0; at < 1024; at++) {
        values[batch.pasted![at] === 255 ? 'other' : 'pasted'].add(strong[3 * at]!);
      }
      // One colour stays one colour, and the pasted one is another, except where the blur mixes it with its surroundings.
      const [unlabelled] = values.other;
      expect(values.other.size).toBe(1);
      expect(values.pasted.has(unlabelled!)).toBe(false);
    }
  });

  it('draws only classes with at most an equal share of the labels, each as often', async () => {
    const { dataset, split, classPixels } = planted({
      road: (x) => (x < 4 ? 1 : 0),
      poles: (x) => (x === 0 ? 2 : 0),
    });
    expect(rareClasses(classPixels)).toEqual([1, 2]);
    const config = mixingConfigOf({ name: 'class_aware', probability: 0.5, region: 'mask' });
    const loader = createLoader({ dataset, split, classPixels, config, streams: STREAMS });
    const drawn = new Map<number, number>();
    for (let step = 0; step < 100; step++) {
      const { unlabelled } = await loader.batch(step);
      for (let i = 0; i < 4; i++) {
        const label = unlabelled!.pasted!.subarray(i * 1024, (i + 1) * 1024).find((each) => each !== 255) ?? 255;
        drawn.set(label, (drawn.get(label) ?? 0) + 1);
      }
    }
    expect([...drawn.keys()].sort((a, b) => a - b)).toEqual([1, 2, 255]);
    // Of 400 images, half get something, half of it of each class; five standard deviations.
    expect(Math.abs(drawn.get(255)! - 200)).toBeLessThan(50);
    expect(Math.abs(drawn.get(1)! - 100)).toBeLessThan(45);
  });

  it('crops so that the object is in the crop, wherever it is in a large image', async () => {
    const corner: Draw = (x, y) => (x >= 150 && y >= 150 ? 3 : 0);
    const { dataset, split, classPixels } = planted({ corner }, [160, 160]);
    const augmentation = { crop: [32, 32] as [number, number], scales: [0.5, 1, 2], flip: 0.5 };
    const config = mixingConfigOf({ name: 'class_aware', probability: 1, region: 'mask' }, { augmentation });
    const loader = createLoader({ dataset, split, classPixels, config, streams: STREAMS });
    for (let step = 0; step < 20; step++) {
      const { pasted } = (await loader.batch(step)).unlabelled!;
      for (let i = 0; i < 4; i++) expect(pasted!.subarray(i * 1024, (i + 1) * 1024)).toContain(3);
    }
  });

  it('leaves the labelled images and the orders of all streams as they are', async () => {
    const { dataset, split, classPixels } = planted({ square: SQUARE, plain: () => 0 });
    const of = (mixing: object) =>
      createLoader({
        dataset,
        split,
        classPixels,
        config: mixingConfigOf(mixing),
        streams: { ...STREAMS, mix: 'own order' },
      });
    const [mixed, usual] = [await of({ name: 'class_aware' }).batch(3), await of({ name: 'none' }).batch(3)];
    expect(mixed.labelled).toEqual(usual.labelled);
    expect(mixed.unlabelledMix).toEqual(usual.unlabelledMix);
    expect(usual.unlabelled).not.toHaveProperty('pasted');
  });

  it('needs to know which classes the images hold', () => {
    const { dataset, split } = planted({ square: SQUARE });
    const config = mixingConfigOf({ name: 'class_aware' });
    expect(() => createLoader({ dataset, split, config, streams: STREAMS })).toThrow('needs the pixels');
  });
});
