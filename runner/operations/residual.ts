import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/** relu(a + b) of two tensors of the same shape: the end of a residual block. */
export function addRelu(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  return withGradient([a, b], (a, b) => {
    const y = hasOwn('addRelu') ? runOwn('addRelu', { a: a!, b: b! })[0]! : tf.relu(tf.add(a!, b!));
    return {
      value: y,
      saved: [y],
      gradient: (dy, [y]) => {
        const dx = hasOwn('addReluGradient')
          ? runOwn('addReluGradient', { dy, y: y! })[0]!
          : tf.where(tf.greater(y!, 0), dy, tf.zerosLike(dy));
        return [dx, dx.clone()];
      },
    };
  });
}
