import { crossEntropy } from '../../operations/index.js';
import type { tf } from '../../operations/tf.js';
import type { BranchView } from './method.js';
import { confidentEntropy } from './sure-labels.js';

/**
 * The mean cross-entropy of a network's logits (N,H,W,classes) against the labels of the other one. With `balance.thresholds`,
 * pixels that do not count add 0 to this mean.
 */
export function crossLoss(
  { thresholds }: Pick<BranchView, 'thresholds'>,
  logits: tf.Tensor4D,
  others: tf.Tensor3D,
): tf.Scalar {
  return thresholds.none ? crossEntropy(logits, others) : confidentEntropy(logits, others, null);
}
