import { tf } from './tf.js';

export interface Differentiable {
  value: tf.Tensor;
  /** Tensors that the gradient needs: inputs, the value, or intermediate results. */
  saved: tf.Tensor[];
  /** Returns the gradients with respect to the inputs, in order, from the value's gradient and the saved tensors. */
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * An operation with its own gradient: the operations in `compute` are not recorded, and `gradient` is used instead.
 * `compute` gets the inputs and must not use any other tensor that needs a gradient.
 */
export function withGradient<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  compute: (...inputs: tf.Tensor[]) => Differentiable,
): T {
  const operation = tf.customGrad((...given: unknown[]) => {
    const save = given.pop() as tf.GradSaveFunc;
    const { value, saved, gradient } = compute(...(given as tf.Tensor[]));
    save(saved);
    return { value, gradFunc: gradient };
  });
  return operation(...inputs) as T;
}
