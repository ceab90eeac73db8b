import { tf } from './tf.js';

/**
 * Runs `compute` inside a gradient function without recording it: nothing is kept for a backward pass. TensorFlow.js has
 * no such switch, but it does not record what happens inside a custom gradient; this is one that depends on no input.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as T;
}

/** The same values, through which no gradient goes back. */
export function constant<T extends tf.Tensor>(x: T): T {
  return withoutGradient(() => tf.clone(x));
}
