import { tf } from './tf.js';

export interface Differentiable {
  value: tf.Tensor;
  /** Tensors that the gradient needs: inputs, the value, or intermediate results. */
  saved: tf.Tensor[];
  /**
   * Returns the gradients with respect to the inputs, in order, from the value's gradient and the saved tensors. A function is
   * called only if that input depends on a variable that is being trained.
   */
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => (tf.Tensor | (() => tf.Tensor))[];
}

/** The part of TensorFlow.js's engine below `tf.customGrad`. It is missing in the engine's type. */
interface KernelRunner {
  runKernelFunc(options: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc: (backend: unknown, save: tf.GradSaveFunc) => tf.Tensor;
    backwardsFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
  }): tf.Tensor;
}

/**
 * An operation with its own gradient: the operations in `compute` are not recorded, and `gradient` is used instead.
 * `compute` gets the inputs and must not use any other tensor that needs a gradient. Like `tf.customGrad`, which always
 * computes the gradients with respect to all inputs.
 */
export function withGradient<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  compute: (...inputs: tf.Tensor[]) => Differentiable,
): T {
  let gradient: Differentiable['gradient'];
  return (tf.engine() as unknown as KernelRunner).runKernelFunc({
    inputs: Object.fromEntries(inputs.entries()),
    forwardFunc: (_, save) => {
      const made = compute(...inputs);
      save(made.saved);
      gradient = made.gradient;
      return made.value;
    },
    backwardsFunc: (dy, saved) => {
      const thunks = gradient(dy, saved).map((each) => (typeof each === 'function' ? each : () => each));
      return Object.fromEntries(thunks.entries());
    },
  }) as T;
}
