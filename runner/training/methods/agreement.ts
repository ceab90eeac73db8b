import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { decidedShare } from './confident-labels.js';
import type { BranchView } from './method.js';

/** The share, in [0, 1], of pixels to which two label maps of equal shape give the same class. */
export function agreement(mine: tf.Tensor3D, others: tf.Tensor3D): tf.Scalar {
  return mean(tf.cast(tf.equal(mine, others), 'float32'));
}

/**
 * What two networks report about the labels that they show each other: their `agreement`. With `balance.thresholds`, it is a share
 * of the pixels that count for both, 0 if there are none, and the share of a network's own pixels that count is `confident`.
 */
export function agreementShares(
  { thresholds }: Pick<BranchView, 'thresholds'>,
  mine: tf.Tensor3D,
  others: tf.Tensor3D,
): Record<string, tf.Scalar> {
  if (thresholds.none) return { agreement: agreement(mine, others) };
  return { agreement: agreementWhereDecided(mine, others), confident: decidedShare(mine) };
}

/** The agreement of the pixels that have a class in both maps, not 255; 0 if there are none. */
export function agreementWhereDecided(mine: tf.Tensor3D, others: tf.Tensor3D): tf.Scalar {
  const inBoth = tf.logicalAnd(tf.notEqual(mine, IGNORE_LABEL), tf.notEqual(others, IGNORE_LABEL));
  const agreed = mean(tf.cast(tf.logicalAnd(tf.equal(mine, others), inBoth), 'float32'));
  const counted = mean(tf.cast(inBoth, 'float32'));
  return tf.div(agreed, tf.maximum(counted, 1 / mine.size));
}
