import { entropyAndGradient } from './cross-entropy.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * The number of halvings of (threshold, 1] after which the k-th smallest probability is enclosed between adjacent float32
 * numbers. Those in [0.5, 1) are 2^-24 apart, and smaller ones are proportionally closer.
 */
const HALVINGS = 32;

export interface HardPixelOptions {
  /** Pixels are hard if their true class has at most this probability, in (0, 1]. */
  threshold: number;
  /** Keep at least this many pixels: the threshold is raised to the probability of the `keep`-th least probable pixel. */
  keep: number;
}

/**
 * Replaces the labels of easy pixels by `ignoreIndex`: online hard example mining as in the official code of CPS
 * (TorchSemiSeg, ProbOhemCrossEntropy2d). If fewer than `keep` pixels are labelled, all are kept. Pixels of probability NaN
 * are kept, so that the loss reveals a broken network. No gradient; nothing is read back from the device.
 * @param logits N, H, W, classes.
 * @param labels int32 N, H, W.
 */
export function hardPixels(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { threshold, keep }: HardPixelOptions,
  ignoreIndex = 255,
): tf.Tensor3D {
  // An operation without inputs is not recorded for gradients.
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
 * The probability of each pixel's true class (N, H, W); 1 for ignored pixels. No gradient, so call it where operations are not
 * recorded.
 * @param logits N, H, W, classes.
 * @param labels int32 N, H, W.
 *
 * It is computed from the gradient of the mean
 * cross-entropy, (softmax - one-hot) / count, whose magnitudes add up to 2 (1 - probability) / count. This is the fastest pass
 * that the engines have, and unlike a GPU's minimum, a sum preserves NaN.
 */
export function trueClassProbability(logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex = 255): tf.Tensor {
  if (hasOwn('trueClass')) return runOwn('trueClass', { logits, labels }, { ignoreIndex })[0]!;
  return fromGradient(logits, labels, ignoreIndex);
}

/** The same, from operations that every engine has. The own kernels give the same digits. */
export function fromGradient(logits: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex: number): tf.Tensor {
  const [, gradient] = entropyAndGradient(logits, labels, { ignoreIndex });
  // Counted in integers: a count of more than 2^24 does not grow in float32.
  const count = tf.sum(tf.notEqual(labels, ignoreIndex).toInt()).toFloat();
  return tf.sub(1, tf.mul(tf.sum(tf.abs(gradient!), 3), tf.mul(count, 0.5)));
}

function atLeast(keep: number, probability: tf.Tensor, limit: tf.Tensor): tf.Tensor {
  return tf.greaterEqual(tf.sum(tf.lessEqual(probability, limit).toInt()), tf.scalar(keep, 'int32'));
}

/**
 * The `keep`-th smallest probability, but at least `threshold`; 1 if fewer pixels are labelled. It is found by bisection,
 * which gives the same result on every engine and needs no sorting.
 */
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
