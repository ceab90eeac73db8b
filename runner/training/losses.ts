import type { LossConfig } from '../../schema/run-config.js';
import { crossEntropy, type HardPixelOptions, hardPixels } from '../operations/index.js';
import type { tf } from '../operations/tf.js';

/** Pixels that a method wants to leave out, as OHEM does: `keep` is per image. */
export type HardPixels = HardPixelOptions;

/** The run's loss with other limits for the pixels that count. */
export function lossOn(hard: HardPixels | undefined, config: LossConfig): LossConfig {
  return hard ? { ...config, ...hard, name: 'ohem' } : config;
}

/**
 * The loss of logits (N, H, W, classes) against labels (N, H, W; 255 is ignored) that a configuration asks for: the mean over
 * the labelled pixels, or 0 if there are none. For OHEM, `keep` is per image, as in the official code of CPS (50,000 times
 * the number of images per device).
 */
export function supervisedLoss(config: LossConfig, logits: tf.Tensor4D, labels: tf.Tensor3D): tf.Scalar {
  if (config.name === 'cross_entropy') return crossEntropy(logits, labels);
  const { threshold, keep } = config;
  return crossEntropy(logits, hardPixels(logits, labels, { threshold, keep: keep * labels.shape[0] }));
}
