import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { computationsUnderTest } from '../testing/engines.js';
import { hashed } from '../testing/hashed.js';
import { addRelu, batchNorm, conv2d, crossEntropy, maxPool, meanPool, resizeBilinear } from './index.js';
import { readValues } from './read-back.js';
import { tf } from './tf.js';

/** Half the distance between the two points of a central difference. */
const STEP = 1e-3;

type Operation = (x: tf.Tensor4D) => tf.Tensor;

const scale = () => hashed<tf.Tensor1D>(11, [6]);
const moving = () => ({
  runningMean: tf.variable(tf.zeros([6]), false),
  runningVariance: tf.variable(tf.ones([6]), false),
});
const labels = () =>
  tf.tensor3d(
    Array.from({ length: 84 }, (_, i) => (i % 5 === 0 ? 255 : i % 6)),
    [2, 6, 7],
    'int32',
  );

/** Smooth operations of a [2, 6, 7, 6] tensor. */
const OPERATIONS: [string, Operation][] = [
  ['conv2d, dilation 2', (x) => conv2d(x, hashed(5, [3, 3, 6, 4]), { dilation: 2, padding: 2 })],
  ['conv2d, stride 2', (x) => conv2d(x, hashed(6, [3, 3, 6, 4]), { stride: 2, padding: 1 })],
  ['conv2d as its filter', (x) => conv2d(hashed(7, [2, 9, 9, 7]), x.reshape([2, 6, 7, 6]), { padding: 1 })],
  ['batchNorm, training', (x) => batchNorm(x, { scale: scale(), offset: scale(), ...moving() }, { training: true })],
  ['batchNorm, evaluation', (x) => batchNorm(x, { scale: scale(), offset: scale(), ...moving() }, { training: false })],
  ['addRelu', (x) => addRelu(x, hashed(8, [2, 6, 7, 6]))],
  ['maxPool', (x) => maxPool(x, { size: 3, stride: 2, padding: 1 })],
  ['meanPool, stride 1', (x) => meanPool(x, 1)],
  ['meanPool, stride 2', (x) => meanPool(x, 2)],
  ['resizeBilinear', (x) => resizeBilinear(x, [11, 4])],
  ['crossEntropy', (x) => crossEntropy(x, labels())],
];

describe.each(computationsUnderTest())('gradients on %s agree with finite differences', (_, start) => {
  beforeAll(async () => {
    await start();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it.each(OPERATIONS)('%s', async (_, operation) => {
    const x = hashed<tf.Tensor4D>(21, [2, 6, 7, 6]);
    const direction = hashed<tf.Tensor4D>(22, [2, 6, 7, 6]);
    const upstream = hashed(23, operation(x).shape);
    // Summed in float64, because the two sums are nearly equal.
    const objective = async (at: tf.Tensor) => {
      const values = await readValues(operation(at as tf.Tensor4D).mul(upstream));
      return values.reduce((sum, value) => sum + value, 0);
    };
    const moved = (by: number) => objective(x.add(direction.mul(by)));
    const measured = ((await moved(STEP)) - (await moved(-STEP))) / (2 * STEP);
    const gradient = tf.grad((at) =>
      operation(at as tf.Tensor4D)
        .mul(upstream)
        .sum(),
    )(x);
    const terms = [...(await readValues(gradient.mul(direction)))];
    const derived = terms.reduce((sum, value) => sum + value, 0);
    // The terms cancel in the sum, so the error is relative to their size. Even an error in a few of them is detected.
    const size = Math.sqrt(terms.reduce((sum, value) => sum + value * value, 0));
    expect(size, 'a slope to compare').toBeGreaterThan(1e-3);
    expect(Math.abs(measured - derived) / size).toBeLessThan(1e-2);
  });
});
