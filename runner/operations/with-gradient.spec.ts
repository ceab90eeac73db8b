import { beforeAll, expect, it, vi } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';
import { constant } from './without-gradient.js';

beforeAll(async () => {
  await startEngine('cpu');
});

it('computes only the gradients that a variable needs, and frees what it saved', () => {
  const [a, b] = [2, 3].map((value) => tf.variable(tf.scalar(value)));
  const ofA = vi.fn((dy: tf.Tensor, b: tf.Tensor) => tf.mul(dy, b));
  const ofB = vi.fn((dy: tf.Tensor, a: tf.Tensor) => tf.mul(dy, a));
  const product = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
    withGradient([a, b], (a, b) => ({
      value: tf.mul(a!, b!),
      saved: [a!, b!],
      gradient: (dy, [a, b]) => [() => ofA(dy, b!), () => ofB(dy, a!)],
    }));
  const gradients = (compute: () => tf.Scalar) =>
    tf.tidy(() => Object.values(tf.variableGrads(compute, [a!, b!]).grads).map((each) => each?.dataSync()[0]));
  const before = tf.memory().numTensors;

  expect(gradients(() => product(a!, b!))).toEqual([3, 2]);
  expect([ofA, ofB].map((gradient) => gradient.mock.calls.length)).toEqual([1, 1]);
  expect(gradients(() => product(constant(a!), product(a!, b!)))).toEqual([6, 4]);
  expect([ofA, ofB].map((gradient) => gradient.mock.calls.length)).toEqual([2, 3]);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([a!, b!]);
});
