import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { tf } from '../../operations/tf.js';

/** The labels of pixels that were pasted from labelled images (int32 N,H,W; 255 elsewhere). Null if nothing is ever pasted. */
export type Pasted = tf.Tensor3D | null;

/** Labels to learn: where a labelled pixel was pasted, its own label instead of what a network says. */
export function withPasted(labels: tf.Tensor3D, pasted: Pasted): tf.Tensor3D {
  if (!pasted) return labels;
  return tf.where(tf.notEqual(pasted, IGNORE_LABEL), pasted, labels) as tf.Tensor3D;
}

/** Probabilities to learn (N,H,W,classes): where a labelled pixel was pasted, 1 for its class. */
export function withPastedProbabilities(probabilities: tf.Tensor4D, pasted: Pasted): tf.Tensor4D {
  if (!pasted) return probabilities;
  const known = tf.notEqual(pasted, IGNORE_LABEL);
  const classes = tf.cast(tf.where(known, pasted, tf.zerosLike(pasted)), 'int32');
  const certain = tf.cast(tf.oneHot(classes, probabilities.shape[3]), 'float32') as tf.Tensor4D;
  return tf.where(
    tf.expandDims(known, 3).tile([1, 1, 1, probabilities.shape[3]]),
    certain,
    probabilities,
  ) as tf.Tensor4D;
}

/** 1 where a labelled pixel was pasted, else 0: float32 N,H,W. */
export function pastedMask(pasted: tf.Tensor3D): tf.Tensor3D {
  return tf.cast(tf.notEqual(pasted, IGNORE_LABEL), 'float32');
}

/** The same for a batch that begins with `count` labelled images, into which nothing is pasted. */
export function afterLabelled(pasted: Pasted, count: number): Pasted {
  if (!pasted || count === 0) return pasted;
  const [, height, width] = pasted.shape;
  return tf.concat([tf.fill([count, height, width], IGNORE_LABEL, 'int32') as tf.Tensor3D, pasted], 0);
}

/** The same for images into which others, where the mask (N,H,W,1) is 1, are mixed that have nothing pasted. */
export function besideMixed(pasted: Pasted, mask: tf.Tensor4D): Pasted {
  if (!pasted) return null;
  const mixed = tf.greater(tf.squeeze(mask, [3]), 0);
  return tf.where(mixed, tf.fill(pasted.shape, IGNORE_LABEL, 'int32'), pasted) as tf.Tensor3D;
}
