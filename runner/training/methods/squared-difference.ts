import { tf } from '../../operations/tf.js';

/**
 * The squared difference of two probability maps N,H,W,classes, summed over the classes: the mean over the pixels. Its
 * gradient goes to both; a target is held constant by where it comes from.
 */
export function squaredDifference(mine: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  return tf.mean(tf.sum(tf.squaredDifference(mine, target), 3));
}
