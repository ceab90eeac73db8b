import type { ConvGeometry } from './conv-geometry.js';
import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';

/**
 * The gradient with respect to the input, NHWC: dy, spread out by the stride, is convolved with the filter, rotated by 180
 * degrees and with its two channel axes swapped. That is a forward convolution, the fastest kernel of every engine.
 */
export function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  if (hasOwn('convInputGradient')) {
    return runOwn<tf.Tensor4D>('convInputGradient', { dy, filter }, { ...geometry })[0]!;
  }
  const { stride, dilation, padding, kernel, input, output } = geometry;
  const turned = turnFilter(filter);
  if (kernel[0] === 1 && kernel[1] === 1 && stride > 1) {
    // A 1x1 filter does not use neighbours, so convolve the few pixels first and spread them out afterwards.
    return insertZeros(tf.conv2d(dy, turned, 1, 0), stride, input[1], input[2]);
  }
  // If the stride does not divide the size, the last rows and columns of the input reach no output: their gradient is 0.
  const unreached = (axis: 1 | 2) =>
    input[axis] + 2 * padding - dilation * (kernel[axis - 1]! - 1) - 1 - (output[axis] - 1) * stride;
  const spread =
    stride === 1 ? dy : insertZeros(dy, stride, (output[1] - 1) * stride + 1, (output[2] - 1) * stride + 1);
  const pads = ([1, 2] as const).map((axis): [number, number] => {
    const before = dilation * (kernel[axis - 1]! - 1) - padding;
    return [before, before + unreached(axis)];
  });
  return tf.conv2d(spread, turned, 1, [[0, 0], pads[0]!, pads[1]!, [0, 0]], 'NHWC', dilation);
}

/**
 * The gradient with respect to the filter, HWIO: for every tap, the product of the input pixels under it and dy, summed over
 * images and pixels.
 */
export function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  if (hasOwn('convFilterGradient')) {
    return runOwn<tf.Tensor4D>('convFilterGradient', { x, dy }, { ...geometry })[0]!;
  }
  const { stride, dilation, padding, kernel, input, output } = geometry;
  const border: [number, number] = [padding, padding];
  const padded = padding === 0 ? x : tf.pad(x, [[0, 0], border, border, [0, 0]]);
  const gradients = dy.reshape([-1, output[3]]);
  const taps: tf.Tensor[] = [];
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const top = row * dilation;
      const left = column * dilation;
      const met = tf.stridedSlice(
        padded,
        [0, top, left, 0],
        [input[0], top + (output[1] - 1) * stride + 1, left + (output[2] - 1) * stride + 1, input[3]],
        [1, stride, stride, 1],
      );
      taps.push(tf.matMul(met.reshape([-1, input[3]]), gradients, true, false));
    }
  }
  return tf.stack(taps).reshape([kernel[0], kernel[1], input[3], output[3]]);
}

/** [h, w, in, out] → [h, w, out, in], rotated by 180 degrees. */
function turnFilter(filter: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
}

/** Moves pixel (i, j) to (i × stride, j × stride) in an image of zeros of the given size. */
function insertZeros(x: tf.Tensor4D, stride: number, height: number, width: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const apart = x.reshape([n, h, 1, w, 1, c]).pad([
    [0, 0],
    [0, 0],
    [0, stride - 1],
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const spread = apart.reshape([n, h * stride, w * stride, c]) as tf.Tensor4D;
  const rows = Math.min(height, h * stride);
  const columns = Math.min(width, w * stride);
  return tf.pad(spread.slice([0, 0, 0, 0], [n, rows, columns, c]), [
    [0, 0],
    [0, height - rows],
    [0, width - columns],
    [0, 0],
  ]);
}
