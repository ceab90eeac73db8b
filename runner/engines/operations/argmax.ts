import { tf } from '../tf.js';
import { hasOwn, runOwn } from './own-kernels.js';

/** The class of the largest logit of each pixel: N, H, W, classes → int32 N, H, W; the first of equals. No gradient. */
export function argmaxLabels(logits: tf.Tensor4D): tf.Tensor3D {
  if (hasOwn('Argmax')) return runOwn<tf.Tensor3D>('Argmax', { logits })[0]!;
  return tf.argMax(logits, 3);
}
