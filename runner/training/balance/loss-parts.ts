import type { ExtraLossesConfig } from '../../../schema/extra-losses-config.js';
import type { LossConfig } from '../../../schema/run-config.js';
import { crossEntropy, diceLoss, lovaszLoss } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { inGroups, supervisedLoss } from '../losses.js';
import type { ClassFactors } from './class-factors.js';
import { adjusted, overImages } from './pixels.js';

/** What the loss on labelled pixels consists of. */
export interface LossPlan {
  loss: LossConfig;
  /** Losses beside `loss`, or in its place. */
  losses: ExtraLossesConfig | null;
  classes: ClassFactors | null;
}

export interface LossParts {
  /** The sum of the parts, each times its weight. */
  total: tf.Scalar;
  /** Before weighting, by name. Empty if the total is a single loss without a weight: the configured one. */
  parts: Record<string, tf.Scalar>;
}

/**
 * The loss of logits (N, H, W, classes) against labels (N, H, W; 255 is ignored). Each part is a mean over groups of images if
 * `loss.imagesPerGroup` says so. The factors of the classes apply to the cross-entropy and the focal loss; Dice and Lovász are
 * ratios for each class, which its number of pixels does not change.
 */
export function lossParts({ loss, losses, classes }: LossPlan, logits: tf.Tensor4D, labels: tf.Tensor3D): LossParts {
  const weights = classes?.weights;
  const shifted = adjusted(logits, classes);
  if (!losses) return { total: supervisedLoss(loss, shifted, labels, weights), parts: {} };
  const { crossEntropy: weight, focal, dice, lovasz } = losses;
  const grouped = (of: tf.Tensor4D, each: Parameters<typeof inGroups>[3]) => inGroups(loss, of, labels, each);
  const weighted: [name: string, weight: number, value: tf.Scalar][] = [];
  if (weight > 0) weighted.push([loss.name, weight, supervisedLoss(loss, shifted, labels, weights)]);
  if (focal) {
    const { gamma } = focal;
    weighted.push(['focal', focal.weight, grouped(shifted, (z, y) => crossEntropy(z, y, { weights, gamma }))]);
  }
  if (dice || lovasz) {
    const probabilities = tf.softmax(logits);
    if (dice) weighted.push(['dice', dice.weight, grouped(probabilities, overImages(dice.over, diceLoss))]);
    if (lovasz) weighted.push(['lovasz', lovasz.weight, grouped(probabilities, overImages(lovasz.over, lovaszLoss))]);
  }
  const total = weighted.map(([, weight, value]) => tf.mul(value, weight)).reduce((sum, each) => tf.add(sum, each));
  return { total: total as tf.Scalar, parts: Object.fromEntries(weighted.map(([name, , value]) => [name, value])) };
}
