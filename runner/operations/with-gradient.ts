import { tf } from './tf.js';

export interface Differentiable {
  value: tf.Tensor;
  /** Tensors that the gradient needs: inputs, the value, or others made on the way. */
  saved: tf.Tensor[];
  /** Gradients to the inputs, in their order, from the gradient to the value and the saved tensors. */
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * An operation with its own gradient: what `compute` does is not recorded, `gradient` takes its place.
 * `compute` gets the inputs and must use nothing else that is to be differentiated.
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
