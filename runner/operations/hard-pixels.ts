import { entropyAndGradient } from './cross-entropy.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * Halvings of (threshold, 1] until the k-th smallest probability is enclosed between neighbouring float32 numbers: those in
 * [0.5, 1) are 2^-24 apart, smaller ones closer in proportion.
 */
const HALVINGS = 32;

export interface HardPixelOptions {
  /** Pixels whose true class has at most this probability are hard, in (0, 1]. */
  threshold: number;
  /** At least so many are: the threshold rises to the probability of the `keep`-th least probable pixel. */
  keep: number;
}

/**
 * Labels with those of easy pixels turned into `ignoreIndex`: online hard example mining as in the official code of CPS
 * (TorchSemiSeg, ProbOhemCrossEntropy2d). All stay where fewer than `keep` pixels count. A pixel of probability NaN stays,
 * so that a broken network is noticed by its loss. No gradient; nothing is read back from the device.
 * @param logits N, H, W, classes.
 * @param labels int32 N, H, W.
 */
export function hardPixels(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { threshold, keep }: HardPixelOptions,
  ignoreIndex = 255,
): tf.Tensor3D {
  // As an operation of no input it is not recorded.
  return withGradient<tf.Tensor3D>([], () => {
    const probability = trueClassProbability(logits, labels, ignoreIndex);
    const limit = tf.where(
      atLeast(keep, probability, tf.scalar(threshold)),
      tf.scalar(threshold),
      keepthSmallest(keep, probability, threshold),
    );
    const easy = tf.greater(probability, limit);
    const hard = tf.where(easy, tf.fill(labels.shape, ignoreIndex, 'int32'), labels);
    return { value: hard, saved: [], gradient: () => [] };
  });
}

/**
 * The probability of each pixel's true class, 1 where the pixel counts nowhere. The gradient of the mean cross-entropy,
 * (softmax - one-hot) / count, holds it: its magnitudes add up to 2 (1 - probability) / count. The pass that gives it is the
 * fastest that the engines have, and a sum loses no NaN, which a GPU's minimum does.
 */
function trueClassProbability(logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex: number): tf.Tensor {
  const [, gradient] = entropyAndGradient(logits, labels, ignoreIndex);
  const count = tf.sum(tf.notEqual(labels, ignoreIndex).toFloat());
  return tf.sub(1, tf.mul(tf.sum(tf.abs(gradient!), 3), tf.mul(count, 0.5)));
}

function atLeast(keep: number, probability: tf.Tensor, limit: tf.Tensor): tf.Tensor {
  return tf.greaterEqual(tf.sum(tf.lessEqual(probability, limit).toInt()), tf.scalar(keep, 'int32'));
}

/** By bisection above `threshold`, which every engine computes alike without sorting; 1 where fewer pixels count. */
function keepthSmallest(keep: number, probability: tf.Tensor, threshold: number): tf.Tensor {
  let low: tf.Tensor = tf.scalar(threshold);
  let high: tf.Tensor = tf.scalar(1);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = tf.mul(tf.add(low, high), 0.5);
    const enough = atLeast(keep, probability, middle);
    high = tf.where(enough, middle, high);
    low = tf.where(enough, low, middle);
  }
  return high;
}
