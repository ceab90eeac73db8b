import { labelledPixels } from './labelled-pixels.js';
import { mean } from './mean.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/** The error of an ignored pixel: smaller than any other, so that it is sorted after all of them. */
const IGNORED = -1;

/**
 * Lovász-Softmax (Berman, Triki and Blaschko, CVPR 2018): the mean over the classes that are present of the Lovász extension of
 * 1 - IoU at the errors |y - p|, where p is the probability of the class and y is 1 for its pixels.
 * @param probabilities N, H, W, classes.
 * @param labels int32 N, H, W: a class, or `ignoreIndex` for an ignored pixel.
 * @returns a scalar; 0 with gradient 0 if all pixels are ignored. Where errors are equal, the gradient is one of several.
 */
export function lovaszLoss(probabilities: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex = 255): tf.Scalar {
  return withGradient([probabilities], (x) => {
    const run = hasOwn('lovasz') ? fused : composed;
    const [value, gradient] = run(x as tf.Tensor4D, labels, ignoreIndex);
    return { value: value!, saved: [gradient!], gradient: (dy, [gradient]) => [tf.mul(gradient!, dy)] };
  });
}

type Run = (probabilities: tf.Tensor4D, labels: tf.Tensor3D, ignoreIndex: number) => tf.Tensor[];

const fused: Run = (probabilities, labels, ignoreIndex) => runOwn('lovasz', { probabilities, labels }, { ignoreIndex });

const composed: Run = (probabilities, labels, ignoreIndex) => {
  const classes = probabilities.shape[3];
  const pixels = labels.size;
  const { counts, target } = labelledPixels(labels, classes, ignoreIndex);
  const byClass = (x: tf.Tensor) => tf.transpose(x.reshape<tf.Tensor2D>([pixels, classes]));
  const errors = tf.where(tf.greater(counts, 0), tf.abs(tf.sub(target, probabilities)), IGNORED);
  const { values, indices } = tf.topk(byClass(errors), pixels, true);
  // Each class has a row of its own.
  const starts = tf.range(0, classes, 1, 'int32').mul(tf.scalar(pixels, 'int32')).expandDims(1);
  const order = tf.add(indices, starts).reshape([-1]).toInt();
  const positive = tf.gather(byClass(target).reshape([-1]), order).reshape<tf.Tensor2D>([classes, pixels]);

  const positives = tf.sum(positive, 1, true);
  const present = tf.greater(positives, 0).toFloat();
  const found = tf.cumsum(positive, 1);
  const others = tf.sub(tf.range(1, pixels + 1, 1), found);
  const missing = tf.sub(positives, found);
  const joined = tf.add(positives, others);
  // By how much 1 - IoU grows with each pixel: a difference of two nearly equal numbers, without computing them.
  const ofOther = tf.div(missing, tf.mul(joined, tf.maximum(tf.sub(joined, 1), 1)));
  const steps = tf.where(tf.greater(positive, 0), tf.div(1, joined), ofOther);
  const share = tf.div(present, tf.maximum(tf.sum(present), 1));
  const slopes = tf.mul(tf.mul(steps, share), tf.notEqual(values, IGNORED).toFloat());
  const value = tf.mul(mean(tf.mul(values, slopes)), pixels * classes);

  const unsorted = tf.scatterND(order.expandDims(1), slopes.reshape([-1]), [classes * pixels]);
  const ofPixels = tf.transpose(unsorted.reshape<tf.Tensor2D>([classes, pixels])).reshape(probabilities.shape);
  return [value, tf.mul(ofPixels, tf.sub(1, tf.mul(2, target)))];
};
