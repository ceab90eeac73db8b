import type { LossConfig } from '../../schema/run-config.js';
import { crossEntropy, type HardPixelOptions, hardPixels, meanOf } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import type { PixelLoss } from './balance/pixels.js';

/** Pixels that a method wants to leave out, as OHEM does: `keep` is per image. */
export type HardPixels = HardPixelOptions;

/** The run's loss with other limits for the pixels that count. */
export function lossOn(hard: HardPixels | undefined, config: LossConfig): LossConfig {
  return hard ? { ...config, ...hard, name: 'ohem' } : config;
}

/**
 * The loss of logits (N, H, W, classes) against labels (N, H, W; 255 is ignored) that a configuration asks for: the mean over
 * the labelled pixels, or 0 if there are none.
 * @param weights how much a pixel of each class counts in the mean; by default, all count alike. OHEM chooses its pixels
 * without them
 */
export function supervisedLoss(
  config: LossConfig,
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  weights: readonly number[] | null = null,
): tf.Scalar {
  return inGroups(config, logits, labels, (logits, labels) => lossOf(config, logits, labels, weights));
}

/**
 * A loss of logits or of probabilities. With `imagesPerGroup`, it is the mean of the losses of consecutive groups of images,
 * however many labelled pixels each has, as if each group were on a device of its own. Of OHEM, each group chooses its own hard
 * pixels. Without groups, all images compete, and an image that is mostly ignored counts less.
 */
export function inGroups(
  { imagesPerGroup }: LossConfig,
  values: tf.Tensor4D,
  labels: tf.Tensor3D,
  lossOfGroup: PixelLoss,
): tf.Scalar {
  if (imagesPerGroup === null) return lossOfGroup(values, labels);
  const groups = labels.shape[0] / imagesPerGroup;
  if (!Number.isInteger(groups)) {
    throw new Error(
      `loss.imagesPerGroup is ${imagesPerGroup}, which does not divide a batch of ${labels.shape[0]} images`,
    );
  }
  // TensorFlow.js cannot differentiate a split into one part.
  if (groups === 1) return lossOfGroup(values, labels);
  const labelsOf = tf.split(labels, groups) as tf.Tensor3D[];
  const valuesOf = tf.split(values, groups) as tf.Tensor4D[];
  return meanOf(valuesOf.map((group, i) => lossOfGroup(group, labelsOf[i]!)));
}

/** For OHEM, `keep` is per image, as in TorchSemiSeg (50,000 times the number of images per device). */
function lossOf(
  config: LossConfig,
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  weights: readonly number[] | null,
): tf.Scalar {
  if (config.name === 'cross_entropy') return crossEntropy(logits, labels, { weights });
  const { threshold, keep } = config;
  const hard = hardPixels(logits, labels, { threshold, keep: keep * labels.shape[0] });
  return crossEntropy(logits, hard, { weights });
}
