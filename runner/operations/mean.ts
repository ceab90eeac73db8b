import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * The mean of all values of a float32 tensor. Unlike `tf.mean`, it is right for any number of values: TensorFlow.js's wasm
 * engine adds them up one by one in float32, where a sum of millions no longer grows by what a single value adds.
 */
export function mean(x: tf.Tensor): tf.Scalar {
  // Engines without this kernel add up in float64 (cpu) or in a tree (tensorflow).
  if (!hasOwn('mean')) return tf.mean(x);
  const { shape, size } = x;
  return withGradient([x], (x) => ({
    value: runOwn('mean', { x: x! })[0]!,
    saved: [],
    // As in TensorFlow.js, to the last digit.
    gradient: (dy) => {
      const broadcast = tf.reshape(dy, new Array<number>(shape.length).fill(1));
      return [tf.div(tf.mul(broadcast, tf.ones(shape)), size)];
    },
  }));
}
