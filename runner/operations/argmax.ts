import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';

/** The class of the largest logit of each pixel: N, H, W, classes → int32 N, H, W; the first one on ties. No gradient. */
export function argmaxLabels(logits: tf.Tensor4D): tf.Tensor3D {
  if (hasOwn('argmax')) return runOwn<tf.Tensor3D>('argmax', { logits })[0]!;
  return tf.argMax(logits, 3);
}
