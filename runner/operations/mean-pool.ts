import { concat } from './concat.js';
import { tf } from './tf.js';

/**
 * The mean of each 2x2 window, NHWC. A window starts at every pixel (stride 1) or at every second one (stride 2). At the
 * bottom and right edge it holds only the pixels that exist, like PyTorch's avg_pool2d with ceil_mode=True and
 * count_include_pad=False, so stride 1 keeps the size and stride 2 rounds it up.
 */
export function meanPool(x: tf.Tensor4D, stride: 1 | 2): tf.Tensor4D {
  const [, height, width] = x.shape;
  const overhangs = (side: number) => stride === 1 || side % 2 === 1;
  // The mean of a pixel and its own copy is the pixel.
  const rows = overhangs(height) ? concat([x, tf.slice(x, [0, height - 1, 0, 0], [-1, 1, -1, -1])], 1) : x;
  const full = overhangs(width) ? concat([rows, tf.slice(rows, [0, 0, width - 1, 0], [-1, -1, 1, -1])], 2) : rows;
  return tf.avgPool(full, 2, stride, 'valid');
}
