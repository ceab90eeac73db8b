import { type Conv2dOptions, type ConvGeometry, convGeometry } from './conv-geometry.js';
import { filterGradient, inputGradient } from './conv2d-gradients.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

/**
 * Cross-correlation like PyTorch's conv2d: x is NHWC, filter is HWIO, and the output is NHWC with
 * floor((H + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 rows. Both gradients are our own: TensorFlow.js has none for
 * dilations above 1, and its wasm engine has none with respect to the filter.
 * @throws Error when the filter does not fit the input.
 */
export function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, options: Conv2dOptions = {}): tf.Tensor4D {
  const geometry = convGeometry(x.shape, filter.shape, options);
  return withGradient([x, filter], (x, f) => ({
    value: forward(x as tf.Tensor4D, f as tf.Tensor4D, geometry),
    saved: [x!, f!],
    gradient: (dy, [x, f]) => [
      () => inputGradient(dy as tf.Tensor4D, f as tf.Tensor4D, geometry),
      () => filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, geometry),
    ],
  }));
}

function forward(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  if (hasOwn('convolution')) return runOwn<tf.Tensor4D>('convolution', { x, filter }, { ...geometry })[0]!;
  const { stride, dilation, padding } = geometry;
  // All sides are given, because with a single number TensorFlow.js assumes a square filter.
  const border: [number, number] = [padding, padding];
  const pads: tf.backend_util.ExplicitPadding = [[0, 0], border, border, [0, 0]];
  if (stride === 1 || dilation === 1) return tf.conv2d(x, filter, stride, pads, 'NHWC', dilation, 'floor');
  // TensorFlow.js does not support stride and dilation together: take every stride-th pixel of the dense result.
  const dense = tf.conv2d(x, filter, 1, pads, 'NHWC', dilation, 'floor');
  return tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, stride, stride, 1]) as tf.Tensor4D;
}
