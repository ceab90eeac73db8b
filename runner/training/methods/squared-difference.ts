import { mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';

/**
 * The squared difference of two probability maps N,H,W,classes, summed over the classes and averaged over the pixels. The
 * gradient flows to both, so the caller must pass a target without gradient.
 */
export function squaredDifference(mine: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  return mean(tf.sum(tf.squaredDifference(mine, target), 3));
}
