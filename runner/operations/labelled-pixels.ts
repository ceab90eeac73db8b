import { tf } from './tf.js';

/** The labels of a batch as numbers that losses on probabilities need. */
export interface LabelledPixels {
  /** float32 N,H,W,1: 1 for a pixel that has a label, 0 for an ignored one. */
  counts: tf.Tensor4D;
  /** float32 N,H,W,classes: 1 for the pixel's class; all 0 for an ignored pixel. */
  target: tf.Tensor4D;
}

export function labelledPixels(labels: tf.Tensor3D, classes: number, ignoreIndex: number): LabelledPixels {
  const counted = tf.notEqual(labels, ignoreIndex);
  const counts = tf.expandDims(counted.toFloat(), 3) as tf.Tensor4D;
  const known = tf.where(counted, labels, tf.zerosLike(labels)).toInt();
  return { counts, target: tf.mul(tf.oneHot(known, classes).toFloat(), counts) };
}
