import { mean } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';
import { type Random, randomStream } from '../../../random/random.js';
import { centredBox } from '../../cutmix.js';
import type { BranchView } from '../method.js';
import { mix, mixPixels, partners } from '../mixing.js';

/** Images NHWC with labels N,H,W, 255 for none. */
interface Labelled {
  images: tf.Tensor4D;
  labels: tf.Tensor3D;
}

/** Keeps the logarithm of a probability of 0 finite. */
const EPSILON = 1e-10;

/** The areas that stay: Beta(8, 2) of an image that gets a labelled box, and Beta(4, 4) of one that gets a box in CutMix. */
const KEPT_BY_LABELLED = [8, 2] as const;
const KEPT_BY_CUTMIX = [4, 4] as const;

/**
 * How confident the probabilities (N,H,W,classes) of each image are, N values in [0, 1]: the mean over its pixels of the
 * largest probability times 1 − the entropy as a share of the largest possible one.
 */
export function imageConfidences(probabilities: tf.Tensor4D): tf.Tensor1D {
  const information = tf.sum(tf.mul(probabilities, tf.log(tf.add(probabilities, EPSILON))), 3);
  const certainty = tf.add(tf.div(information, Math.log(probabilities.shape[3])), 1);
  const confidence = tf.mul(certainty, tf.max(probabilities, 3));
  return tf.stack(tf.unstack(confidence).map(mean)) as tf.Tensor1D;
}

/**
 * Mixes unlabelled images in two steps, labels with images. First, with a probability of 1 − its confidence, each gets a box of a
 * labelled image. Then each of the original ones gets a box of another image, as it is after the first step. All boxes of a
 * step have the same size. The draws are the same for every network.
 * @param confidences one for each unlabelled image
 */
export function adaptiveCutmix(
  view: Pick<BranchView, 'seed' | 'step'>,
  unlabelled: Labelled,
  labelled: Labelled,
  confidences: tf.Tensor1D,
): Labelled {
  const [count, ...size] = unlabelled.labels.shape;
  const random = randomStream(view.seed, 'augseg', view.step);
  const labelledBoxes = boxes(random, count, size, KEPT_BY_LABELLED);
  const otherBoxes = boxes(random, count, size, KEPT_BY_CUTMIX);
  const draws = Array.from({ length: count }, () => random.uniform());
  const unsure = tf.cast(tf.greater(tf.tensor1d(draws), confidences), 'float32');
  const others = partners(view, count);
  const donors = others.map((other) => other % labelled.images.shape[0]);
  const pasted = tf.mul(labelledBoxes, tf.reshape(unsure, [count, 1, 1, 1])) as tf.Tensor4D;
  const first = mixed(unlabelled, labelled, donors, pasted);
  return mixed(unlabelled, first, others, otherBoxes);
}

/** Each of `first` with the masked part of the image of `second` whose number is in `from`. */
function mixed(first: Labelled, second: Labelled, from: number[], mask: tf.Tensor4D): Labelled {
  return {
    images: mix(first.images, tf.gather(second.images, from), mask),
    labels: mixPixels(first.labels, tf.gather(second.labels, from), mask),
  };
}

/** The masks of one box per image, N,H,W,1. They have the same size and leave a share of the image that follows Beta(a, b). */
function boxes(
  random: Random,
  count: number,
  [height, width]: [number, number],
  [a, b]: readonly [number, number],
): tf.Tensor4D {
  const share = 1 - beta(random, a, b);
  const values = new Float32Array(count * height * width);
  for (let i = 0; i < count; i++) values.set(centredBox(random, height, width, share), i * height * width);
  return tf.tensor4d(values, [count, height, width, 1]);
}

/** A draw from Beta(a, b) of whole numbers: the a-th smallest of a + b − 1 uniform draws has this distribution. */
export function beta(random: Random, a: number, b: number): number {
  const draws = Array.from({ length: a + b - 1 }, () => random.uniform()).sort((one, other) => one - other);
  return draws[a - 1]!;
}
