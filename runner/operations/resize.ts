import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

type Size = [height: number, width: number];

/** Bilinear resize of NHWC to [height, width] with aligned corners, like PyTorch's interpolate(align_corners=True). */
export function resizeBilinear(x: tf.Tensor4D, size: Size): tf.Tensor4D {
  const from: Size = [x.shape[1], x.shape[2]];
  if (from[0] === size[0] && from[1] === size[1]) return x;
  return withGradient([x], (x) => ({
    value: hasOwn('resize')
      ? runOwn('resize', { x: x! }, { height: size[0], width: size[1] })[0]!
      : tf.image.resizeBilinear(x as tf.Tensor4D, size, true),
    saved: [],
    gradient: (dy) => [resizeGradient(dy as tf.Tensor4D, from)],
  }));
}

/**
 * Resizing is linear in each axis, so its gradient is a product with the transposed matrices. TensorFlow.js's own gradient
 * swaps height and width on the cpu engine (4.22) and fails for images that are not square.
 */
function resizeGradient(dy: tf.Tensor4D, [height, width]: Size): tf.Tensor4D {
  if (hasOwn('resizeGradient')) return runOwn<tf.Tensor4D>('resizeGradient', { dy }, { height, width })[0]!;
  const [batch, rows, columns, channels] = dy.shape;
  const vertical = interpolation(height, rows);
  const horizontal = interpolation(width, columns)
    .expandDims(0)
    .tile([batch * height, 1, 1]);
  const shrunk = tf.matMul(vertical.expandDims(0).tile([batch, 1, 1]), dy.reshape([batch, rows, columns * channels]));
  const perRow = shrunk.reshape([batch * height, columns, channels]);
  return tf.matMul(horizontal, perRow).reshape([batch, height, width, channels]);
}

/** A matrix [from, to] with the weight of input i in output o at [i, o]. */
function interpolation(from: number, to: number): tf.Tensor2D {
  const shares = new Float32Array(from * to);
  const scale = to > 1 ? (from - 1) / (to - 1) : 0;
  for (let output = 0; output < to; output++) {
    const at = output * scale;
    const low = Math.min(Math.floor(at), from - 1);
    const high = Math.min(low + 1, from - 1);
    shares[low * to + output]! += 1 - (at - low);
    shares[high * to + output]! += at - low;
  }
  return tf.tensor2d(shares, [from, to]);
}
