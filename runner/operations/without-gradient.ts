import { tf } from './tf.js';

/**
 * Runs `compute` inside a gradient function without recording it, so nothing is kept for a backward pass. TensorFlow.js has
 * no switch for that, but it does not record operations inside a custom gradient. This is one without inputs.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as T;
}

/** The same values without gradient: backpropagation stops here. */
export function constant<T extends tf.Tensor>(x: T): T {
  return withoutGradient(() => tf.clone(x));
}
