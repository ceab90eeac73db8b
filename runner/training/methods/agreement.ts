import { mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';

/** The share, in [0, 1], of pixels to which two label maps of equal shape give the same class. */
export function agreement(mine: tf.Tensor3D, others: tf.Tensor3D): tf.Scalar {
  return mean(tf.cast(tf.equal(mine, others), 'float32'));
}
