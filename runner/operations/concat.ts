import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/** Concatenates tensors along `axis`, the only axis in which their sizes may differ. */
export function concat(tensors: tf.Tensor4D[], axis: 0 | 1 | 2 | 3): tf.Tensor4D {
  if (tensors.length === 1) return tensors[0]!;
  const sizes = tensors.map((tensor) => tensor.shape[axis]);
  return withGradient(tensors, (...parts) => ({
    value: hasOwn('concat')
      ? runOwn('concat', Object.fromEntries(parts.entries()), { axis })[0]!
      : tf.concat(parts, axis),
    saved: [],
    gradient: (dy) => split(dy as tf.Tensor4D, sizes, axis),
  }));
}

/** Splits a tensor along `axis` into parts of the given sizes. No gradient. */
export function split(x: tf.Tensor4D, sizes: number[], axis: 0 | 1 | 2 | 3): tf.Tensor4D[] {
  return hasOwn('split') ? runOwn<tf.Tensor4D>('split', { x }, { axis, sizes }) : tf.split(x, sizes, axis);
}
