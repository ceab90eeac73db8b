import { tf } from '../tf.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { withGradient } from './with-gradient.js';

/** Joins tensors that differ in size along `axis` alone, in their order. */
export function concat(tensors: tf.Tensor4D[], axis: 0 | 1 | 2 | 3): tf.Tensor4D {
  if (tensors.length === 1) return tensors[0]!;
  const sizes = tensors.map((tensor) => tensor.shape[axis]);
  return withGradient(tensors, (...parts) => ({
    value: hasOwn('concat')
      ? runOwn('concat', Object.fromEntries(parts.entries()), { axis })[0]!
      : tf.concat(parts, axis),
    saved: [],
    gradient: (dy) => (hasOwn('split') ? runOwn('split', { x: dy }, { axis, sizes }) : tf.split(dy, sizes, axis)),
  }));
}
