import { tf } from '../tf.js';

export interface MaxPoolOptions {
  size: number;
  stride: number;
  /** Pixels on each side that never win; at most size / 2. */
  padding: number;
}

/** Largest value of each window, NHWC, as PyTorch's max_pool2d (rounding down). The gradient goes to the first of equals. */
export function maxPool(x: tf.Tensor4D, { size, stride, padding }: MaxPoolOptions): tf.Tensor4D {
  return tf.maxPool(x, size, stride, padding, 'floor');
}
