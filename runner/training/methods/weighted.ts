import type { tf } from '../../operations/tf.js';

/** The supervised loss plus the others, each times its weight. */
export function weighted(supervised: tf.Scalar, ...others: [loss: tf.Scalar, weight: number][]): tf.Scalar {
  return others.reduce((sum, [loss, weight]) => sum.add(loss.mul(weight)), supervised);
}
