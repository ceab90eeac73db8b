import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../engines/tf.js';
import { slidingLogits, windowStarts } from './sliding-window.js';
import { tinyEngine } from './testing/tiny.js';

beforeAll(async () => {
  await tinyEngine();
});

describe('windowStarts', () => {
  it('moves by two thirds of the window, the last one shifted inward', () => {
    expect(windowStarts(180, 96)).toEqual([0, 64, 84]);
    expect(windowStarts(96, 96)).toEqual([0]);
    expect(windowStarts(160, 96)).toEqual([0, 64]);
    expect(windowStarts(97, 96)).toEqual([0, 1]);
  });
});

describe('slidingLogits', () => {
  it('takes an image that fits the window whole', () => {
    const calls: number[][] = [];
    tf.tidy(() => {
      slidingLogits(tf.zeros([2, 20, 30, 3]), [32, 32], (window) => {
        calls.push(window.shape);
        return window;
      });
    });
    expect(calls).toEqual([[2, 20, 30, 3]]);
  });

  it('sums the logits of all windows that see a pixel', () => {
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

  it('leaves nothing but its result', () => {
    const image = tf.zeros<tf.Rank.R4>([1, 40, 40, 3]);
    const before = tf.memory().numTensors;
    const result = slidingLogits(image, [16, 16], (window) => tf.add(window, 1));
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([image, result]);
  });
});
