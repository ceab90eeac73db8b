import { tf } from '../../operations/tf.js';
import type { Random } from '../../random/random.js';

/** Dropout of whole channels: in each image, each becomes 0 with probability `rate`, in [0, 1); the others scale by 1 / (1 − rate). */
export function dropChannels(features: tf.Tensor4D, rate: number, random: Random): tf.Tensor4D {
  const [count, , , channels] = features.shape;
  const factors = Float32Array.from({ length: count * channels }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
  return tf.mul(features, tf.tensor4d(factors, [count, 1, 1, channels]));
}
