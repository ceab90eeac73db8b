import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

export interface MaxPoolOptions {
  size: number;
  stride: number;
  /** Padding on each side, at most size / 2. Padded pixels are never the maximum. */
  padding: number;
}

/** The maximum of each window, NHWC, like PyTorch's max_pool2d (rounding down). On ties the gradient goes to the first one. */
export function maxPool(x: tf.Tensor4D, options: MaxPoolOptions): tf.Tensor4D {
  const pool = (x: tf.Tensor4D) =>
    hasOwn('maxPool')
      ? runOwn<tf.Tensor4D>('maxPool', { x }, { ...options })[0]!
      : tf.maxPool(x, options.size, options.stride, options.padding, 'floor');
  if (!hasOwn('maxPoolGradient')) return pool(x);
  return withGradient([x], (x) => {
    const y = pool(x as tf.Tensor4D);
    return {
      value: y,
      saved: [x!, y],
      gradient: (dy, [x, y]) => runOwn('maxPoolGradient', { x: x!, y: y!, dy }, { ...options }),
    };
  });
}
