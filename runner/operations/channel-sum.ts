import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';

/**
 * The sum of each channel over N, H and W of an NHWC tensor. No gradient. TensorFlow.js's wasm engine would add up the pixels
 * one by one in float32, and lose some; see `mean`.
 */
export function channelSum(x: tf.Tensor): tf.Tensor1D {
  if (hasOwn('channelSum')) return runOwn<tf.Tensor1D>('channelSum', { x })[0]!;
  return tf.sum(x, [0, 1, 2]);
}
