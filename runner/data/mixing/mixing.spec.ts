import { describe, expect, it } from 'vitest';
import type { MixingConfig } from '../../../schema/mixing-config.js';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import { randomStream } from '../../random/random.js';
import { emptyBatch } from '../augment/augment.js';
import type { Batch, Dataset, LabelledImage } from '../dataset.js';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { createLoader, type Streams } from '../loading/loader.js';
import { adaptToNetworks } from './adapt-to-networks.js';
import { paste } from './paste.js';
import { rareClasses } from './sources.js';
import { type ClassStrength, drawWeakClasses } from './weak-classes.js';

const STREAMS: Streams = { unlabelled: true, mix: false, strongViews: 0 };
const shapes = openShapes('shapes');
const { mean, std } = shapes.descriptor.normalisation;

function configOf(mixing: object, changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 0.5 },
    method: { name: 'cps' },
    augmentation: { crop: [32, 32], scales: [1], flip: 0 },
    training: { batchLabelled: 2, batchUnlabelled: 4 },
    balance: { mixing: mixing as MixingConfig },
    seed: 5,
    ...changes,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

type Draw = (x: number, y: number) => number;

/** A dataset of planted images: `label(x, y)` of each id, and a colour that is ten times the label, or 200 for unlabelled ones. */
function planted(labelled: Record<string, Draw>, [width, height] = [32, 32]) {
  const unlabelled = ['u0', 'u1', 'u2'];
  const ids = Object.keys(labelled);
  const image = (id: string): LabelledImage => {
    const at = labelled[id] ?? (() => 6);
    const labels = Uint8Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
    const colours = id.startsWith('u') ? labels.map(() => 200) : labels.map((label) => 10 * label);
    const pixels = Uint8Array.from({ length: 3 * labels.length }, (_, i) => colours[Math.floor(i / 3)]!);
    return { id, width, height, channels: 3, pixels, labels };
  };
  const dataset: Dataset = {
    descriptor: { ...shapes.descriptor, ignoreIndex: 255 },
    ids: () => ids,
    unlabelledIds: unlabelled,
    classPixels: async (id) => countsOf(image(id).labels),
    tagged: [],
    forgetCounts() {},
    load: async (_, id) => image(id),
  };
  const classPixels = new Map(ids.map((id) => [id, countsOf(image(id).labels)] as const));
  return { dataset, split: { labelled: ids, unlabelled }, classPixels };
}

function countsOf(labels: Uint8Array): number[] {
  return Array.from({ length: 8 }, (_, label) => labels.filter((each) => each === label).length);
}

/** The value of a colour after normalisation, in a channel. */
const normalised = (colour: number, channel: number) => (colour / 255 - mean[channel]!) / std[channel]!;

/** Checks that a batch shows the colour of the pasted label where one was pasted, and that of unlabelled images elsewhere. */
function expectMoved({ images, labels, pasted }: Batch): number {
  const wrong: number[] = [];
  let count = 0;
  for (const [at, label] of pasted!.entries()) {
    const known = label !== 255;
    const colour = known ? 10 * label : 200;
    if (known) count += 1;
    const shown = [0, 1, 2].every((c) => Math.abs(images[3 * at + c]! - normalised(colour, c)) < 1e-4);
    if (!shown || labels[at] !== (known ? label : 6)) wrong.push(at);
  }
  expect(wrong).toEqual([]);
  return count;
}

describe('paste', () => {
  it('copies image, strong views and label of the wanted pixels, and nothing else', () => {
    const batch = (first: number): Batch => {
      const made = emptyBatch(1, 2, 3, 3);
      made.images.forEach((_, i) => {
        made.images[i] = first + i;
      });
      made.strong = [made.images.map((value) => -value)];
      return made;
    };
    const [from, into] = [batch(1000), batch(0)];
    from.labels.set([4, 255, 5, 4, 0, 5]);
    into.labels.set([1, 1, 1, 1, 1, 1]);
    into.padding = new Uint8Array([1, 1, 0, 0, 1, 1]);
    const before = structuredClone(into);
    paste(from, into, (label) => label !== 5);
    const isPasted = [true, false, false, true, true, false];
    expect([...into.pasted!]).toEqual([4, 255, 255, 4, 0, 255]);
    expect([...into.labels]).toEqual([4, 1, 1, 4, 0, 1]);
    expect([...into.padding!]).toEqual([0, 1, 0, 0, 0, 1]);
    for (let i = 0; i < 18; i++) {
      const source = isPasted[Math.floor(i / 3)] ? from : before;
      expect(into.images[i]).toBe(source.images[i]);
      expect(into.strong[0]![i]).toBe(source.strong[0]![i]);
    }
  });
});

describe('class_aware', () => {
  /** Class 0 with a square of 4x4 pixels of class 3 at (10, 20). */
  const SQUARE: Draw = (x, y) => (x >= 10 && x < 14 && y >= 20 && y < 24 ? 3 : 0);

  async function batchOf(region: 'box' | 'mask', strongViews: 0 | 2 = 0) {
    const { dataset, split, classPixels } = planted({ square: SQUARE, plain: () => 0 });
    const config = configOf({ name: 'class_aware', probability: 1, region });
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
    const config = configOf({ name: 'class_aware', probability: 0.5, region: 'mask' });
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
    const config = configOf({ name: 'class_aware', probability: 1, region: 'mask' }, { augmentation });
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
        config: configOf(mixing),
        streams: { ...STREAMS, mix: 'own order' },
      });
    const [mixed, usual] = [await of({ name: 'class_aware' }).batch(3), await of({ name: 'none' }).batch(3)];
    expect(mixed.labelled).toEqual(usual.labelled);
    expect(mixed.unlabelledMix).toEqual(usual.unlabelledMix);
    expect(usual.unlabelled).not.toHaveProperty('pasted');
  });

  it('needs to know which classes the images hold', () => {
    const { dataset, split } = planted({ square: SQUARE });
    const config = configOf({ name: 'class_aware' });
    expect(() => createLoader({ dataset, split, config, streams: STREAMS })).toThrow('needs the pixels');
  });
});

describe('copy_paste', () => {
  const HALVES: Draw = (x) => (x < 16 ? 1 : 2);
  const ONE_COLOUR = { a: () => 1, b: () => 2, c: () => 3 };

  function loaderOf(labelled: Record<string, Draw>, mixing: object = {}, streams = STREAMS) {
    const { dataset, split } = planted(labelled);
    const config = configOf({ name: 'copy_paste', probability: 1, ...mixing });
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
    const config = configOf({ name: 'copy_paste' }, { method: { name: 'self_training' } });
    const loader = createLoader({ dataset, split, config, streams: STREAMS, unlabelledFrom: 1 });
    const first = await loader.batch(0);
    adaptToNetworks(0, first, unsure());
    expect(first).toMatchObject({ unlabelled: null });
    expect((await loader.batch(1)).pasteFrom).not.toBeNull();
  });
});

describe('confidence_bank', () => {
  it('draws a class for each image that is mixed in, and changes no pixel', async () => {
    const { dataset, split } = planted({ a: () => 1 });
    const method = { name: 'cps_cutmix' } as const;
    const config = configOf({ name: 'confidence_bank' }, { method });
    const loader = createLoader({ dataset, split, config, streams: { ...STREAMS, mix: 'own order' } });
    const batches = await loader.batch(0);
    const before = structuredClone(batches);
    const mixing = config.balance!.mixing;
    adaptToNetworks(0, batches, { mixing, confidence: [0, 0, 0], classPixels: [5, 0, 5], seed: 5 });
    const { weakClasses, ...rest } = batches;
    expect(rest).toEqual(before);
    expect(weakClasses).toHaveLength(4);
    expect(weakClasses!.every((label) => label === 0 || label === 2)).toBe(true);
  });

  it('draws the classes as often as their probabilities say, and none if there are no labels', () => {
    const strength = { confidence: [1, 0, 0.5], classPixels: [1, 1, 1] };
    const drawn = drawWeakClasses(randomStream(1, 'draws'), strength, 1, 10_000);
    const powers = [1, Math.E, Math.sqrt(Math.E)];
    const sum = powers[0]! + powers[1]! + powers[2]!;
    for (const [index, power] of powers.entries()) {
      expect(drawn.filter((label) => label === index).length / 10_000).toBeCloseTo(power / sum, 1);
    }
    expect(drawWeakClasses(randomStream(1, 'draws'), { ...strength, classPixels: [0, 0, 0] }, 1, 3)).toEqual([]);
  });
});
