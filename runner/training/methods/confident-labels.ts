import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { argmaxLabels, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';

/** The most probable class of each pixel, int32 N,H,W, or 255 where its probability (N,H,W,classes) is below `confidence`. */
export function confidentLabels(probabilities: tf.Tensor4D, confidence: number): tf.Tensor3D {
  const labels = argmaxLabels(probabilities);
  const sure = tf.greaterEqual(tf.max(probabilities, 3), confidence);
  return tf.cast(tf.where(sure, labels, tf.fill(labels.shape, IGNORE_LABEL, 'int32')), 'int32') as tf.Tensor3D;
}

/** The share of pixels that have a label, in [0, 1]. */
export function decidedShare(labels: tf.Tensor3D): tf.Scalar {
  return mean(tf.cast(tf.notEqual(labels, IGNORE_LABEL), 'float32'));
}
