import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';

export interface SgdOptions {
  learningRate: number;
  /** In [0, 1). */
  momentum: number;
  /** The factor by which the variable is added to its gradient. */
  weightDecay: number;
}

/**
 * One step of SGD with momentum, as in PyTorch: velocity ← momentum × velocity + gradient + weightDecay × variable;
 * variable ← variable - learningRate × velocity. The velocity starts at zero. Both get new storage, so that a clone made
 * before the step keeps its values, and an engine that has prepared the old weights notices the change.
 */
export function applySgd(variable: tf.Variable, gradient: tf.Tensor, velocity: tf.Variable, options: SgdOptions): void {
  tf.tidy(() => {
    const run = hasOwn('sgd') ? fused : composed;
    const [newVariable, newVelocity] = run(variable, gradient, velocity, options);
    variable.assign(newVariable!);
    velocity.assign(newVelocity!);
  });
}

type Run = (variable: tf.Variable, gradient: tf.Tensor, velocity: tf.Variable, options: SgdOptions) => tf.Tensor[];

const fused: Run = (variable, gradient, velocity, options) =>
  runOwn('sgd', { variable, gradient, velocity }, { ...options });

const composed: Run = (variable, gradient, velocity, { learningRate, momentum, weightDecay }) => {
  const slope = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay));
  const moved = tf.add(tf.mul(velocity, momentum), slope);
  return [tf.sub(variable, tf.mul(moved, learningRate)), moved];
};
