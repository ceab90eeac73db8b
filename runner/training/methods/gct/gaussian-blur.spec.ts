import { beforeAll, expect, it } from 'vitest';
import { startEngine } from '../../../engines/engine.js';
import { tf } from '../../../operations/tf.js';
import { expectClose } from '../../../testing/closeness.js';
import { gaussianBlur } from './gaussian-blur.js';

const SIDE = 9;
const MIDDLE = 4;

beforeAll(async () => {
  await startEngine('wasm');
});

it.each([
  // Computed by `gaussian` and `blurred_point` of fixtures/gct.py.
  ['ends with the kernel', false, [0.07076637, 0.2444604, 0.3695465, 0.2444604, 0.07076637]],
  ['is folded into the kernel', true, [0.07825012, 0.2404081, 0.3626835, 0.2404081, 0.07825012]],
] as const)('the Gaussian %s', (_, folded, line) => {
  tf.engine().startScope();
  const point = tf.buffer([1, SIDE, SIDE, 1]);
  point.set(1, 0, MIDDLE, MIDDLE, 0);
  const blurred = gaussianBlur(point.toTensor() as tf.Tensor4D, line.length, folded).dataSync();
  tf.engine().endScope();
  const middleRow = blurred.slice(MIDDLE * SIDE, (MIDDLE + 1) * SIDE);
  expectClose(middleRow, [0, 0, ...line.map((weight) => weight * line[2]), 0, 0], 'the middle row', 1e-6);
  expect(blurred[0]).toBe(0);
});
