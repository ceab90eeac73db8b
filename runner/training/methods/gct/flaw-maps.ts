import type { MethodConfig } from '../../../../schema/run-config.js';
import { IGNORE_LABEL } from '../../../data/images/ignore-label.js';
import { constant, maxPool, withoutGradient } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';
import { gaussianBlur, oddSize } from './gaussian-blur.js';

type Config = Extract<MethodConfig, { name: 'gct' }>;

/** A map whose highest value is not above this has no flaws. */
const LEAST_FLAW = 0.1;

/**
 * The detector's target, N,H,W,1 in [0, 1]: the difference between probabilities (N,H,W,classes) and labels, blurred, then
 * `nu` times dilated and blurred again, and rescaled to [0, 1] per image. Pixels without a label have no flaw; in the
 * original code, they differ from no class, which is half of the largest difference.
 */
export function trueFlaws(
  probabilities: tf.Tensor4D,
  labels: tf.Tensor3D,
  { mu, nu, flawMaps }: Pick<Config, 'mu' | 'nu' | 'flawMaps'>,
): tf.Tensor4D {
  return withoutGradient(() => {
    const [, height, width, classes] = probabilities.shape;
    const labelled = tf.notEqual(labels, IGNORE_LABEL);
    const counts = tf.cast(labelled, 'float32').expandDims(3);
    const known = tf.oneHot(tf.cast(tf.where(labelled, labels, tf.zerosLike(labels)), 'int32'), classes);
    const target = flawMaps === 'original' ? tf.mul(known, counts) : known;
    const difference = tf.sum(tf.abs(tf.sub(target, probabilities)), 3, true).mul(mu) as tf.Tensor4D;
    const side = Math.min(height, width);
    const blur = (x: tf.Tensor4D, share: number) => gaussianBlur(x, oddSize(side / share), flawMaps === 'original');
    let flaws = blur(flawMaps === 'original' ? difference : tf.mul(difference, counts), 8);
    for (let i = 0; i < nu; i++) flaws = blur(maxPool(flaws, { size: 3, stride: 1, padding: 1 }), 4);
    return spread(flaws);
  });
}

/**
 * Flaws with 0 in place of negative values. The gradient passes as if they were not replaced: the original code replaces
 * them in place, behind PyTorch's back.
 */
export function clampedFlaws(flaws: tf.Tensor4D): tf.Tensor4D {
  return tf.add(flaws, constant(tf.sub(tf.relu(flaws), flaws)));
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
  { threshold, flawMaps }: Pick<Config, 'threshold' | 'flawMaps'>,
): { target: tf.Tensor4D; bothWrong: tf.Tensor4D } {
  const judged = [myFlaws, otherFlaws].map((flaws) => withoutGradient(() => clean(flaws, flawMaps)));
  const wrong = judged.map((flaws) => tf.greater(flaws, threshold));
  // All wrong pixels count as equally wrong.
  const [myError, otherError] = judged.map((flaws, i) => tf.where(wrong[i]!, tf.onesLike(flaws), flaws));
  const own = tf.cast(tf.greaterEqual(otherError!, myError!), 'float32');
  return {
    target: tf.add(tf.mul(mine, own), tf.mul(others, tf.sub(1, own))),
    bothWrong: tf.cast(tf.logicalAnd(wrong[0]!, wrong[1]!), 'float32') as tf.Tensor4D,
  };
}

/**
 * Prepares a map for the comparison: clipped at 0, blurred and rescaled to [0, 1]. If it has hardly any flaws, it becomes 0;
 * in the original code, it becomes 0 before it is rescaled.
 */
function clean(flaws: tf.Tensor4D, flawMaps: Config['flawMaps']): tf.Tensor4D {
  const [, height, width] = flaws.shape;
  const original = flawMaps === 'original';
  const smooth = gaussianBlur(tf.relu(flaws), oddSize(Math.min(height, width) / 16), original);
  const flawed = tf.cast(tf.greater(tf.max(smooth, [1, 2, 3], true), LEAST_FLAW), 'float32');
  return original ? spread(smooth, tf.mul(smooth, flawed)) : tf.mul(spread(smooth), flawed);
}

/** Rescales `values`, by default those of `x`, linearly per image so that the minimum of x becomes 0 and its maximum 1. */
function spread(x: tf.Tensor4D, values = x): tf.Tensor4D {
  const least = tf.min(x, [1, 2, 3], true);
  const range = tf.sub(tf.max(x, [1, 2, 3], true), least);
  return tf.div(tf.sub(values, least), tf.add(range, 1e-9));
}
