import type { LossConfig } from '../../schema/run-config.js';
import { crossEntropy, hardPixels } from '../operations/index.js';
import type { tf } from '../operations/tf.js';

/**
 * The loss of logits (N, H, W, classes) against given labels (N, H, W; 255 counts nowhere) that a configuration asks for: a
 * mean over the pixels that count, 0 where none does. For OHEM `keep` counts for each image, as the official code of CPS has
 * it (50,000 times the images that a device gets).
 */
export function supervisedLoss(config: LossConfig, logits: tf.Tensor4D, labels: tf.Tensor3D): tf.Scalar {
  if (config.name === 'cross_entropy') return crossEntropy(logits, labels);
  const { threshold, keep } = config;
  return crossEntropy(logits, hardPixels(logits, labels, { threshold, keep: keep * labels.shape[0] }));
}
