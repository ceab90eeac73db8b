import { describe, expect, it } from 'vitest';
import { createLoader } from '../loading/loader.js';
import { type Draw, expectMoved, mixingConfigOf, planted, STREAMS } from '../testing/planted-images.js';
import { adaptToNetworks } from './adapt-to-networks.js';
import type { ClassStrength } from './weak-classes.js';

describe('copy_paste', () => {
  const HALVES: Draw = (x) => (x < 16 ? 1 : 2);
  const ONE_COLOUR = { a: () => 1, b: () => 2, c: () => 3 };

  function loaderOf(labelled: Record<string, Draw>, mixing: object = {}, streams = STREAMS) {
    const { dataset, split } = planted(labelled);
    const config = mixingConfigOf({ name: 'copy_paste', probability: 1, ...mixing });
    return createLoader({ dataset, split, config, streams });
  }

  const unsure = ({ classes = 3, ...more }: { classes?: number } & Partial<ClassStrength & { seed: number }> = {}) => ({
    mixing: { name: 'copy_paste', probability: 1, classes, scales: { from: 1, to: 1 } } as const,
    confidence: new Array<number>(7).fill(0),
    classPixels: [0, 10, 10, 10, 0, 0, 0],
    seed: 5,
    ...more,
  });

  it('pastes the pixels of the drawn classes only, each with its own label', async () => {
    const loader = loaderOf({ halves: HALVES }, { scales: { from: 1, to: 1 } });
    const batches = await loader.batch(0);
    expect(batches.unlabelled).not.toHaveProperty('pasted');
    adaptToNetworks(0, batches, unsure({ classPixels: [0, 0, 10, 0, 0, 0, 0] }));
    const batch = batches.unlabelled!;
    expect(batches.pasteFrom).toBeNull();
    expect(expectMoved(batch)).toBe(4 * 16 * 32);
    for (const [at, label] of batch.pasted!.entries()) expect(label).toBe(at % 32 < 16 ? 255 : 2);
  });

  it('scales the labelled image by the given range, and puts a small one anywhere in the crop', async () => {
    const loader = loaderOf(ONE_COLOUR, { scales: { from: 0.1, to: 2 } });
    const sizes: number[] = [];
    const corners = new Set<string>();
    for (let step = 0; step < 30; step++) {
      const batches = await loader.batch(step);
      adaptToNetworks(step, batches, unsure({ classes: 20 }));
      expectMoved(batches.unlabelled!);
      for (let i = 0; i < 4; i++) {
        const image = batches.unlabelled!.pasted!.subarray(i * 1024, (i + 1) * 1024);
        const places = [...image.keys()].filter((at) => image[at] !== 255);
        sizes.push(Math.sqrt(places.length));
        if (places.length < 900) corners.add(`${places[0]! % 32}`);
      }
    }
    expect(Math.min(...sizes)).toBeLessThan(8);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3);
    // Larger than the crop: about half of them.
    expect(sizes.filter((size) => size === 32).length).toBeGreaterThan(30);
    expect(corners.size).toBeGreaterThan(8);
  });

  it('pastes from a strong view into each strong view', async () => {
    const loader = loaderOf({ halves: HALVES }, {}, { ...STREAMS, strongViews: 2 });
    const batches = await loader.batch(0);
    const [from, before] = [structuredClone(batches.pasteFrom!), structuredClone(batches.unlabelled!)];
    adaptToNetworks(0, batches, unsure());
    const { pasted, strong } = batches.unlabelled!;
    expect(new Set(pasted).size).toBeGreaterThan(1);
    for (const [number, view] of strong.entries()) {
      for (const [i, value] of view.entries()) {
        expect(value).toBe((pasted![Math.floor(i / 3)] === 255 ? before : from).strong[number]![i]);
      }
    }
  });

  it('draws the same classes for the same step and seed, and only those that have labels', async () => {
    const loader = loaderOf(ONE_COLOUR, { scales: { from: 1, to: 1 } });
    const drawn = async (step: number, seed = 5) => {
      const batches = await loader.batch(0);
      adaptToNetworks(step, batches, unsure({ classes: 1, confidence: [0, 0, 1, 1, 0, 0, 0], seed }));
      return new Set([...batches.unlabelled!.pasted!].filter((label) => label !== 255));
    };
    const all: string[] = [];
    for (let step = 0; step < 20; step++) {
      const classes = await drawn(step);
      expect([...classes].every((label) => [1, 2, 3].includes(label))).toBe(true);
      expect(await drawn(step)).toEqual(classes);
      all.push([...classes].join());
    }
    const others: string[] = [];
    for (let step = 0; step < 20; step++) others.push([...(await drawn(step, 6))].join());
    expect(others).not.toEqual(all.slice(0, 20));
  });

  it('pastes into about as many images as the probability says', async () => {
    const loader = loaderOf(ONE_COLOUR, { probability: 0.25, scales: { from: 1, to: 1 } });
    let pastedInto = 0;
    for (let step = 0; step < 100; step++) {
      const { pasteFrom } = await loader.batch(step);
      for (let i = 0; i < 4; i++) pastedInto += Number(pasteFrom!.labels[i * 1024] !== 255);
    }
    expect(Math.abs(pastedInto - 100)).toBeLessThan(45);
  });

  it('has nothing to paste in steps without unlabelled images', async () => {
    const { dataset, split } = planted(ONE_COLOUR);
    const config = mixingConfigOf({ name: 'copy_paste' }, { method: { name: 'self_training' } });
    const loader = createLoader({ dataset, split, config, streams: STREAMS, unlabelledFrom: 1 });
    const first = await loader.batch(0);
    adaptToNetworks(0, first, unsure());
    expect(first).toMatchObject({ unlabelled: null });
    expect((await loader.batch(1)).pasteFrom).not.toBeNull();
  });
});
