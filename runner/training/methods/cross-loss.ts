import type { tf } from '../../operations/tf.js';
import type { BranchView } from './method.js';
import { confidentEntropy } from './sure-labels.js';

/**
 * The mean cross-entropy of a network's logits (N,H,W,classes) against the labels of the other one. With `balance.thresholds`,
 * pixels that do not count add 0 to this mean.
 */
export function crossLoss(
  view: Pick<BranchView, 'thresholds' | 'pseudoLabelLoss'>,
  logits: tf.Tensor4D,
  others: tf.Tensor3D,
): tf.Scalar {
  return view.thresholds.none ? view.pseudoLabelLoss(logits, others) : confidentEntropy(view, logits, others, null);
}
