import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { meanOf } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { ClassFactors } from './class-factors.js';

/** The loss of logits or probabilities (N, H, W, classes) against labels (N, H, W). */
export type PixelLoss = (values: tf.Tensor4D, labels: tf.Tensor3D) => tf.Scalar;

/** The logits as the loss sees them: with the offsets of the classes, if there are any. */
export function adjusted(logits: tf.Tensor4D, classes: ClassFactors | null): tf.Tensor4D {
  return classes?.offsets ? tf.add(logits, tf.tensor1d([...classes.offsets])) : logits;
}

/** A loss over all images together, or the mean of the losses of those that have a label; 0 if none has. */
export function overImages(over: 'batch' | 'image', loss: PixelLoss): PixelLoss {
  if (over === 'batch') return loss;
  return (values, labels) => {
    const count = labels.shape[0];
    // TensorFlow.js cannot differentiate a split into one part.
    if (count === 1) return loss(values, labels);
    const labelsOf = tf.split(labels, count) as tf.Tensor3D[];
    const losses = (tf.split(values, count) as tf.Tensor4D[]).map((image, i) => loss(image, labelsOf[i]!));
    const labelled = labelsOf.map((image) => tf.max(tf.notEqual(image, IGNORE_LABEL).toFloat()));
    return tf.div(meanOf(losses), tf.maximum(meanOf(labelled), 1 / count));
  };
}
