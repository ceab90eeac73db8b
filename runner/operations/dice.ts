import { channelSum } from './channel-sum.js';
import { labelledPixels } from './labelled-pixels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * The Dice loss (Milletari et al., 3DV 2016, for several classes and without squares): 1 minus the mean over the classes that
 * are present of 2 Σ p y / (Σ p + Σ y), where p is the probability of the class, y is 1 for its pixels, and the sums are over
 * all pixels that are not ignored.
 * @param probabilities N, H, W, classes.
 * @param labels int32 N, H, W: a class, or `ignoreIndex` for an ignored pixel.
 * @returns a scalar; 0 with gradient 0 if all pixels are ignored.
 */
export function diceLoss(probabilities: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex = 255): tf.Scalar {
  return withGradient([probabilities], (x) => {
    const { counts, target } = labelledPixels(labels, probabilities.shape[3], ignoreIndex);
    const both = channelSum(tf.mul(x!, target));
    const pixels = channelSum(target);
    const sums = tf.add(channelSum(tf.mul(x!, counts)), pixels);
    const present = tf.greater(pixels, 0).toFloat();
    const share = tf.div(present, tf.maximum(tf.sum(present), 1));
    const divisor = tf.where(tf.greater(pixels, 0), sums, tf.onesLike(sums));
    // Per class: the loss is share (1 - coefficient), and the coefficient is 2 both / sums.
    const coefficient = tf.div(tf.mul(2, both), divisor);
    const value = tf.sum(tf.mul(share, tf.sub(1, coefficient)));
    const perSum = tf.div(tf.mul(share, coefficient), divisor);
    const perHit = tf.div(tf.mul(share, 2), divisor);
    const gradient = tf.sub(tf.mul(counts, perSum), tf.mul(target, perHit));
    return { value, saved: [gradient], gradient: (dy, [gradient]) => [tf.mul(gradient!, dy)] };
  });
}
