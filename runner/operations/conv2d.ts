import { filterGradient, inputGradient } from './conv2d-gradients.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';
import { withGradient } from './with-gradient.js';

export interface Conv2dOptions {
  /** Pixels between two outputs, default 1. */
  stride?: number;
  /** Pixels between two taps of the filter, default 1. */
  dilation?: number;
  /** Zeros on each of the four sides, default 0, at most dilation * (kernel - 1). */
  padding?: number;
  /** False when x is data that nobody differentiates: saves its gradient. Default true. */
  inputGradient?: boolean;
}

/** Where a convolution happens: sizes in pixels and channels. */
export interface ConvGeometry {
  stride: number;
  dilation: number;
  padding: number;
  kernel: [number, number];
  /** N, H, W, C of the input. */
  input: [number, number, number, number];
  /** N, H, W, C of the output. */
  output: [number, number, number, number];
}

/**
 * Cross-correlation as PyTorch's conv2d: x is NHWC, filter is HWIO, the output NHWC with
 * floor((H + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 rows. TensorFlow.js has no gradient for dilations above 1
 * and its wasm engine none to the filter: both are our own.
 * @throws Error when the filter does not fit the input.
 */
export function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, options: Conv2dOptions = {}): tf.Tensor4D {
  const geometry = convGeometry(x.shape, filter.shape, options);
  if (options.inputGradient === false) {
    return withGradient([filter], (f) => ({
      value: forward(x, f as tf.Tensor4D, geometry),
      saved: [x],
      gradient: (dy, [x]) => [filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, geometry)],
    }));
  }
  return withGradient([x, filter], (x, f) => ({
    value: forward(x as tf.Tensor4D, f as tf.Tensor4D, geometry),
    saved: [x!, f!],
    gradient: (dy, [x, f]) => [
      inputGradient(dy as tf.Tensor4D, f as tf.Tensor4D, geometry),
      filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, geometry),
    ],
  }));
}

function forward(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  if (hasOwn('convolution')) return runOwn<tf.Tensor4D>('convolution', { x, filter }, { ...geometry })[0]!;
  const { stride, dilation, padding } = geometry;
  // Spelt out, because a single number makes TensorFlow.js take every filter for a square one.
  const border: [number, number] = [padding, padding];
  const pads: tf.backend_util.ExplicitPadding = [[0, 0], border, border, [0, 0]];
  if (stride === 1 || dilation === 1) return tf.conv2d(x, filter, stride, pads, 'NHWC', dilation, 'floor');
  // TensorFlow.js refuses stride and dilation together: take every stride-th pixel of the dense result.
  const dense = tf.conv2d(x, filter, 1, pads, 'NHWC', dilation, 'floor');
  return tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, stride, stride, 1]) as tf.Tensor4D;
}

function convGeometry(x: number[], filter: number[], options: Conv2dOptions): ConvGeometry {
  const { stride = 1, dilation = 1, padding = 0 } = options;
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [rows, columns, inputs, outputs] = filter as [number, number, number, number];
  const describe = `conv2d of [${x}] with filter [${filter}], stride ${stride}, dilation ${dilation}, padding ${padding}`;
  if (inputs !== channels)
    throw new Error(`${describe}: the filter takes ${inputs} channels, the input has ${channels}`);
  if (padding > dilation * (Math.min(rows, columns) - 1)) {
    throw new Error(`${describe}: padding must not exceed dilation * (kernel - 1)`);
  }
  const size = (length: number, kernel: number) =>
    Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const output: ConvGeometry['output'] = [batch, size(height, rows), size(width, columns), outputs];
  if (output[1] < 1 || output[2] < 1) throw new Error(`${describe}: the filter is larger than the padded input`);
  return { stride, dilation, padding, kernel: [rows, columns], input: [batch, height, width, channels], output };
}
