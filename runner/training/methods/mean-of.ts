import { tf } from '../../operations/tf.js';

/** The mean of several losses. Added one by one: `tf.addN` takes no more than seven at a time on WebGPU. */
export function meanOf(losses: tf.Tensor[]): tf.Scalar {
  return losses.reduce((sum, loss) => tf.add(sum, loss)).div(losses.length);
}
