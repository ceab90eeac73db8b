import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tf } from '../../../operations/tf.js';
import { randomStream } from '../../../random/random.js';
import { tinyEngine } from '../../../testing/tiny.js';
import { adaptiveCutmix, beta, imageConfidences } from './adaptive-cutmix.js';

beforeAll(async () => {
  await tinyEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const [COUNT, HEIGHT, WIDTH] = [3, 16, 12];

/** Images whose every pixel says which image it is from, with labels that say it too. */
function numbered(from: number, count: number) {
  const numbers = tf.range(from, from + count, 1, 'int32');
  const labels = tf.tile(tf.reshape(numbers, [count, 1, 1]), [1, HEIGHT, WIDTH]) as tf.Tensor3D;
  const images = tf.tile(tf.cast(tf.expandDims(labels, 3), 'float32'), [1, 1, 1, 3]) as tf.Tensor4D;
  return { images, labels };
}

/** Mixes three unlabelled images, 0 to 2, with `labelled` labelled ones from 10, and returns which images a pixel is from. */
function mixed(step: number, confidences: number[], labelled = 3): number[] {
  const given = [numbered(0, COUNT), numbered(10, labelled), tf.tensor1d(confidences)] as const;
  const { images, labels } = adaptiveCutmix({ seed: 5, step }, ...given);
  expect(images.shape).toEqual([COUNT, HEIGHT, WIDTH, 3]);
  const found = labels.dataSync();
  expect(images.dataSync()).toEqual(
    Float32Array.from({ length: 3 * found.length }, (_, i) => found[Math.floor(i / 3)]!),
  );
  return [...found];
}

describe('adaptiveCutmix', () => {
  const steps = Array.from({ length: 40 }, (_, step) => step);
  const share = (found: number[][], of: (number: number, image: number) => boolean) => {
    const size = HEIGHT * WIDTH;
    const all = found.flatMap((pixels) => pixels.map((number, i) => of(number, Math.floor(i / size))));
    return all.filter(Boolean).length / all.length;
  };

  it('moves labels with their pixels, and pastes only unlabelled images of which it is sure', () => {
    const found = steps.map((step) => mixed(step, [1, 1, 1]));
    expect(share(found, (number) => number >= 10)).toBe(0);
    // Half of the image or less, and a third of the images meet themselves.
    const others = share(found, (number, image) => number !== image);
    expect(others).toBeGreaterThan(0.15);
    expect(others).toBeLessThan(0.35);
  });

  it('pastes boxes of labelled images into those of which it is not sure, inside the boxes that these are pasted with', () => {
    const unsure = steps.map((step) => mixed(step, [0, 0, 0]));
    const sure = steps.map((step) => mixed(step, [1, 1, 1]));
    const labelled = share(unsure, (number) => number >= 10);
    expect(labelled).toBeGreaterThan(0.01);
    expect(labelled).toBeLessThan(0.2);
    const half = steps.map((step) => mixed(step, [0.5, 0.5, 0.5]));
    expect(share(half, (number) => number >= 10) / labelled).toBeCloseTo(0.5, 0);
    // Outside labelled boxes, the confidence changes nothing.
    const expected = unsure.map((pixels, step) => pixels.map((number, i) => (number < 10 ? sure[step]![i] : number)));
    expect(unsure).toEqual(expected);
  });

  it('decides for each image by its own confidence', () => {
    const found = steps.map((step) => mixed(step, [1, 0, 1]));
    const from = new Set(found.flatMap((pixels) => pixels.filter((number) => number >= 10)));
    expect(from.size).toBeGreaterThan(1);
    const all = steps.map((step) => mixed(step, [0, 0, 0]));
    const only = share(found, (number) => number >= 10) / share(all, (number) => number >= 10);
    expect(only).toBeGreaterThan(0.15);
    expect(only).toBeLessThan(0.55);
  });

  it.each([2, 5])('takes batches of %i labelled images, too', (labelled) => {
    const found = new Set(steps.flatMap((step) => mixed(step, [0, 0, 0], labelled)).filter((number) => number >= 10));
    expect([...found].sort()).toEqual([10, 11, 12].slice(0, Math.min(labelled, COUNT)));
  });

  it('draws the same for the same seed and step', () => {
    expect(mixed(3, [0.5, 0.5, 0.5])).toEqual(mixed(3, [0.5, 0.5, 0.5]));
    expect(mixed(3, [0.5, 0.5, 0.5])).not.toEqual(mixed(4, [0.5, 0.5, 0.5]));
  });
});

describe('imageConfidences', () => {
  it('is 1 for certain predictions, and 0 for those that say nothing', () => {
    const certain = tf.oneHot(tf.zeros([8, 6], 'int32'), 4);
    const none = tf.fill([8, 6, 4], 0.25);
    const between = tf.tile(tf.tensor3d([0.7, 0.1, 0.1, 0.1], [1, 1, 4]), [8, 6, 1]);
    const found = imageConfidences(tf.stack([tf.cast(certain, 'float32'), none, between]) as tf.Tensor4D).dataSync();
    expect(found[0]).toBeCloseTo(1, 5);
    expect(found[1]).toBeCloseTo(0, 5);
    const entropy = -(0.7 * Math.log(0.7) + 0.3 * Math.log(0.1)) / Math.log(4);
    expect(found[2]).toBeCloseTo(0.7 * (1 - entropy), 5);
  });
});

describe('beta', () => {
  it.each([
    [8, 2],
    [4, 4],
  ])('draws from Beta(%i, %i): its mean and variance', (a, b) => {
    const draws = Array.from({ length: 20_000 }, (_, i) => beta(randomStream(1, 'beta', i), a, b));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(a / (a + b), 2);
    expect(Math.abs(variance / ((a * b) / ((a + b) ** 2 * (a + b + 1))) - 1)).toBeLessThan(0.05);
  });
});
