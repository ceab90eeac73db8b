import { tf } from '../tf.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { withGradient } from './with-gradient.js';

/** Bilinear resize of NHWC to [height, width] with aligned corners, as PyTorch's interpolate(align_corners=True). */
export function resizeBilinear(x: tf.Tensor4D, size: [number, number]): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height === size[0] && width === size[1]) return x;
  if (!hasOwn('resizeGradient')) return tf.image.resizeBilinear(x, size, true);
  return withGradient([x], (x) => ({
    value: tf.image.resizeBilinear(x as tf.Tensor4D, size, true),
    saved: [],
    gradient: (dy) => runOwn('resizeGradient', { dy }, { height, width }),
  }));
}
