import { tf } from './tf.js';

/** The mean of several losses. They are added one by one, because `tf.addN` takes at most seven at a time on WebGPU. */
export function meanOf(losses: tf.Tensor[]): tf.Scalar {
  return losses.reduce((sum, loss) => tf.add(sum, loss)).div(losses.length);
}
