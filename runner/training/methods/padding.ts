import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { decidedShare } from './confident-labels.js';

/** Where the images of a batch are padding: 1 there and 0 inside, float32 N,H,W. Null if padding counts like any other pixel. */
export type Padding = tf.Tensor3D | null;

/** The labels, with 255 where the image is padding. */
export function withoutPadding(labels: tf.Tensor3D, padding: Padding): tf.Tensor3D {
  if (!padding) return labels;
  return tf.where(tf.greater(padding, 0), tf.fill(labels.shape, IGNORE_LABEL, 'int32'), labels) as tf.Tensor3D;
}

/** Of the pixels inside the images, the share that has a label. 0 if all are padding. */
export function decidedInside(labels: tf.Tensor3D, padding: Padding): tf.Scalar {
  if (!padding) return decidedShare(labels);
  const inside = tf.sub(1, mean(padding));
  return tf.div(decidedShare(labels), tf.maximum(inside, 1 / labels.size));
}
