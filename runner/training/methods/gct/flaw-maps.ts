import { IGNORE_LABEL } from '../../../data/images/ignore-label.js';
import { maxPool, withoutGradient } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';
import { gaussianBlur, oddSize } from './gaussian-blur.js';

/** A map whose highest value is not above this has no flaws. */
const LEAST_FLAW = 0.1;

/**
 * The detector's target, N,H,W,1 in [0, 1]: the difference between probabilities (N,H,W,classes) and labels, blurred, then
 * `nu` times dilated and blurred again, and rescaled to [0, 1] per image. Pixels without a label have no flaw.
 */
export function trueFlaws(
  probabilities: tf.Tensor4D,
  labels: tf.Tensor3D,
  { mu, nu }: { mu: number; nu: number },
): tf.Tensor4D {
  return withoutGradient(() => {
    const [, height, width, classes] = probabilities.shape;
    const counts = tf.notEqual(labels, IGNORE_LABEL);
    const known = tf.oneHot(tf.cast(tf.where(counts, labels, tf.zerosLike(labels)), 'int32'), classes);
    const difference = tf.sum(tf.abs(tf.sub(known, probabilities)), 3, true).mul(mu);
    const side = Math.min(height, width);
    let flaws = gaussianBlur(
      difference.mul(tf.cast(counts, 'float32').expandDims(3)) as tf.Tensor4D,
      oddSize(side / 8),
    );
    for (let i = 0; i < nu; i++) {
      flaws = gaussianBlur(maxPool(flaws, { size: 3, stride: 1, padding: 1 }), oddSize(side / 4));
    }
    return spread(flaws);
  });
}

/**
 * Compares the probabilities of a network and of the other by the flaws that the detector finds in each. `target` is what the
 * network learns: for each pixel, the probabilities of the less wrong one, or its own on ties. `bothWrong` (N,H,W,1) is 1
 * where both are wrong.
 */
export function guidance(
  mine: tf.Tensor4D,
  others: tf.Tensor4D,
  myFlaws: tf.Tensor4D,
  otherFlaws: tf.Tensor4D,
  threshold: number,
): { target: tf.Tensor4D; bothWrong: tf.Tensor4D } {
  const judged = [myFlaws, otherFlaws].map((flaws) => withoutGradient(() => clean(flaws)));
  const wrong = judged.map((flaws) => tf.greater(flaws, threshold));
  // All wrong pixels count as equally wrong.
  const [myError, otherError] = judged.map((flaws, i) => tf.where(wrong[i]!, tf.onesLike(flaws), flaws));
  const own = tf.cast(tf.greaterEqual(otherError!, myError!), 'float32');
  return {
    target: tf.add(tf.mul(mine, own), tf.mul(others, tf.sub(1, own))),
    bothWrong: tf.cast(tf.logicalAnd(wrong[0]!, wrong[1]!), 'float32') as tf.Tensor4D,
  };
}

/** Prepares a map for the comparison: clipped at 0, blurred and rescaled to [0, 1]; all 0 if it has hardly any flaws. */
function clean(flaws: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = flaws.shape;
  const smooth = gaussianBlur(tf.relu(flaws), oddSize(Math.min(height, width) / 16));
  const flawed = tf.cast(tf.greater(tf.max(smooth, [1, 2, 3], true), LEAST_FLAW), 'float32');
  return tf.mul(spread(smooth), flawed);
}

/** Rescales the values of each image linearly so that its minimum becomes 0 and its maximum 1. */
function spread(x: tf.Tensor4D): tf.Tensor4D {
  const least = tf.min(x, [1, 2, 3], true);
  const range = tf.sub(tf.max(x, [1, 2, 3], true), least);
  return tf.div(tf.sub(x, least), tf.add(range, 1e-9));
}
