import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import type { LabelledImage } from '../dataset.js';
import { IMAGENET } from '../images/normalisation.js';
import { type AugmentationConfig, emptyBatch, writeView } from './augment.js';
import { pixelsInView } from './class-pixels.js';
import {
  classProbabilities,
  countLabelled,
  createClassSampler,
  drawViewOf,
  placeOf,
  totalPixels,
} from './class-sampling.js';
import fixture from './fixtures/class_sampling.json' with { type: 'json' };

const AUGMENTATION: AugmentationConfig = {
  crop: [32, 32],
  scales: [1],
  resize: 'centred',
  padding: 'mean',
  flip: 0.5,
};

const SAMPLING = { share: 1, temperature: 0.01, minimumPixels: 0.05, attempts: 10 };

/** An image of class 0, with a square of class 3 at its top left. */
function planted(width: number, height: number, side: number): LabelledImage {
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < side; y++) labels.fill(3, y * width, y * width + side);
  return { id: 'a', width, height, channels: 3, pixels: new Uint8Array(width * height * 3), labels };
}

describe('the probability of a class', () => {
  it.each(fixture.cases)('is that of PyTorch: $pixels at temperature $temperature', (expected) => {
    const found = classProbabilities(expected.pixels, expected.temperature);
    for (const [index, probability] of expected.probabilities.entries()) {
      if (probability === 0) expect(found[index]).toBe(0);
      else expect(found[index]! / probability).toBeCloseTo(1, 11);
    }
    expect(found.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 14);
  });

  it('comes from the pixels of all labelled images, without ignored ones', async () => {
    const counts: Record<string, number[]> = { a: [5, 0, 2, 100], b: [1, 1, 0, 7] };
    const images = await countLabelled({ classPixels: async (id) => counts[id]! }, ['a', 'b']);
    expect(totalPixels(images)).toEqual([6, 1, 2]);
  });
});

describe('a class sampler', () => {
  // Class 2 is in no image, and image d has only ignored pixels.
  const images = new Map([
    ['c', [40, 8, 0, 0, 0]],
    ['a', [30, 0, 0, 2, 5]],
    ['b', [20, 8, 0, 0, 1]],
    ['d', [0, 0, 0, 0, 9]],
  ]);
  const temperature = 0.3;

  it('draws each class with its probability, never a class that no image holds, and each image that holds it alike', () => {
    const sample = createClassSampler(images, temperature);
    const draws = 20_000;
    const classes = [0, 0, 0, 0];
    const drawn: Record<string, number> = {};
    for (let step = 0; step < draws; step++) {
      const { id, classIndex } = sample(randomStream(7, 'test', step));
      classes[classIndex]! += 1;
      drawn[`${classIndex} ${id}`] = (drawn[`${classIndex} ${id}`] ?? 0) + 1;
    }
    const probabilities = classProbabilities([90, 16, 0, 2], temperature);
    for (const [index, p] of probabilities.entries()) {
      expect(Math.abs(classes[index]! / draws - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / draws));
    }
    expect(Object.keys(drawn).sort()).toEqual(['0 a', '0 b', '0 c', '1 b', '1 c', '3 a']);
    expect(drawn['1 b']! / classes[1]!).toBeCloseTo(0.5, 1);
    for (const id of ['a', 'b', 'c']) expect(drawn[`0 ${id}`]! / classes[0]!).toBeCloseTo(1 / 3, 1);
  });

  it('draws the same for the same random numbers, in whatever order the images come', () => {
    const one = createClassSampler(images, temperature);
    const other = createClassSampler(new Map([...images].reverse()), temperature);
    for (let step = 0; step < 50; step++) {
      expect(other(randomStream(1, 'x', step))).toEqual(one(randomStream(1, 'x', step)));
    }
  });
});

describe('the places that are drawn for a class', () => {
  it.each([1, 0.75, 0.5, 0.3, 0.29, 0.1, 0.01])('are evenly spread at share %d', (share) => {
    let drawn = 0;
    let ordinary = 0;
    for (let position = 0; position < 1000; position++) {
      const place = placeOf(position, share);
      if (place === 'drawn') drawn++;
      else expect(place).toBe(ordinary++);
      expect(Math.abs(drawn - share * (position + 1))).toBeLessThan(1 + 1e-9);
    }
    expect(drawn + ordinary).toBe(1000);
  });
});

describe('the crop', () => {
  it.each(['centred', 'opencv', 'pillow'] as const)(
    'has as many pixels of a class as the batch that is written, %s',
    (resize) => {
      for (let step = 0; step < 40; step++) {
        const random = randomStream(2, 'view', step);
        const image = planted(61, 40, 25);
        const augmentation: AugmentationConfig = { ...AUGMENTATION, scales: { from: 0.4, to: 1.8 }, resize };
        const view = drawViewOf(random, image, 3, augmentation, { ...SAMPLING, attempts: 1 });
        const batch = emptyBatch(1, 32, 32, 3);
        writeView(image, view, batch, 0, { ignoreIndex: 255, normalisation: IMAGENET });
        const written = batch.labels.filter((label) => label === 3).length;
        expect(pixelsInView(image, view, batch, 3)).toBe(written);
      }
    },
  );

  it('is the first one with the minimum of pixels, and later ones are not drawn', () => {
    const image = planted(200, 200, 60);
    for (let step = 0; step < 100; step++) {
      const pixels = (attempts: number, minimumPixels = SAMPLING.minimumPixels) => {
        const random = randomStream(3, 'crop', step);
        const view = drawViewOf(random, image, 3, AUGMENTATION, { ...SAMPLING, minimumPixels, attempts });
        return { view, count: pixelsInView(image, view, { width: 32, height: 32 }, 3), next: random.uniform() };
      };
      const needed = SAMPLING.minimumPixels * 32 * 32;
      const tries = Array.from({ length: 12 }, (_, i) => pixels(i + 1));
      const first = tries.findIndex(({ count }) => count >= needed);
      if (first === -1) continue;
      for (const later of tries.slice(first)) expect(later).toEqual(tries[first]);
      for (const earlier of tries.slice(0, first)) expect(earlier.count).toBeLessThan(needed);
      // Without a minimum, the first crop is as good as any.
      expect(pixels(12, 0)).toEqual(pixels(1, 0));
    }
  });

  it('shows a planted object far more often than a crop that is drawn once, and most of it if the minimum is out of reach', () => {
    const image = planted(200, 200, 60);
    const counts = (attempts: number, minimumPixels: number) =>
      Array.from({ length: 200 }, (_, step) => {
        const random = randomStream(4, 'crop', step);
        const view = drawViewOf(random, image, 3, AUGMENTATION, { ...SAMPLING, minimumPixels, attempts });
        return pixelsInView(image, view, { width: 32, height: 32 }, 3);
      });
    const needed = 0.05 * 32 * 32;
    const enough = (all: number[]) => all.filter((count) => count >= needed).length / all.length;
    // Of all positions of a crop, those that show enough of the square.
    const shown = (offset: number) => Math.max(0, Math.min(32, 60 - offset));
    const offsets = Array.from({ length: 200 - 32 + 1 }, (_, offset) => offset);
    const p = enough(offsets.flatMap((left) => offsets.map((top) => shown(left) * shown(top))));
    for (const attempts of [1, 3, 10]) {
      const expected = 1 - (1 - p) ** attempts;
      const deviation = Math.sqrt((expected * (1 - expected)) / 200);
      expect(Math.abs(enough(counts(attempts, 0.05)) - expected)).toBeLessThan(3 * deviation);
    }
    const [few, many] = [counts(1, 1), counts(10, 1)];
    for (const [step, count] of many.entries()) expect(count).toBeGreaterThanOrEqual(few[step]!);
    expect(many.filter((count, step) => count > few[step]!).length).toBeGreaterThan(100);
  });
});
