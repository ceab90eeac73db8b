import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../operations/tf.js';
import { tinyEngine } from '../testing/tiny.js';
import { slidingLogits, windowStarts } from './sliding-window.js';

beforeAll(async () => {
  await tinyEngine();
});

describe('windowStarts', () => {
  it('moves by two thirds of the window and shifts the last one inward', () => {
    expect(windowStarts(180, 96)).toEqual([0, 64, 84]);
    expect(windowStarts(96, 96)).toEqual([0]);
    expect(windowStarts(160, 96)).toEqual([0, 64]);
    expect(windowStarts(97, 96)).toEqual([0, 1]);
  });
});

describe('slidingLogits', () => {
  it('uses an image of the size of the window as it is', () => {
    const image = tf.zeros<tf.Rank.R4>([2, 16, 32, 3]);
    expect(slidingLogits(image, [16, 32], (window) => window)).toBe(image);
    image.dispose();
  });

  it.each([
    { image: [5, 7], window: [8, 16], seen: [8, 16], at: [1, 4] },
    { image: [5, 20], window: [8, 16], seen: [8, 16], at: [1, 0] },
  ])('pads an image of $image with zeros to a window of $window, and crops the result again', (sizes) => {
    const [height, width] = sizes.image as [number, number];
    const image = tf.randomUniform<tf.Rank.R4>([1, height, width, 2], 1, 2, 'float32', 3);
    const windows: number[][][][][] = [];
    const result = slidingLogits(image, sizes.window as [number, number], (window) => {
      windows.push(window.arraySync());
      return tf.add(window, 1);
    });
    const values = image.arraySync()[0]!;
    const [top, left] = sizes.at as [number, number];
    const first = windows[0]![0]!;
    expect([first.length, first[0]!.length]).toEqual(sizes.seen);
    for (const [y, row] of first.entries()) {
      for (const [x, pixel] of row.entries()) expect(pixel).toEqual(values[y - top]?.[x - left] ?? [0, 0]);
    }
    expect(result.shape).toEqual([1, height, width, 2]);
    if (width <= sizes.window[1]!) {
      expect(result.arraySync()[0]).toEqual(
        values.map((row) => row.map((pixel) => pixel.map((v) => Math.fround(v + 1)))),
      );
    }
    tf.dispose([image, result]);
  });

  it('sums the logits of all windows that contain a pixel', () => {
    const image = tf.randomUniform<tf.Rank.R4>([1, 20, 40, 3], 0, 1, 'float32', 3);
    const sum = slidingLogits(image, [16, 32], (window) => window.clone());
    const inside = (at: number, side: number, window: number) =>
      windowStarts(side, window).filter((start) => start <= at && at < start + window).length;
    const values = image.dataSync();
    const sums = sum.dataSync();
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 40; x++) {
        const at = (y * 40 + x) * 3;
        expect(sums[at]).toBeCloseTo(values[at]! * inside(y, 20, 16) * inside(x, 40, 32), 5);
      }
    }
    tf.dispose([image, sum]);
  });

  it.each([40, 8])('leaks no tensors with images of %i rows', (rows) => {
    const image = tf.zeros<tf.Rank.R4>([1, rows, 40, 3]);
    const before = tf.memory().numTensors;
    const result = slidingLogits(image, [16, 16], (window) => tf.add(window, 1));
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([image, result]);
  });
});
