import { tf } from '../tf.js';

/** Bilinear resize of NHWC to [height, width] with aligned corners, as PyTorch's interpolate(align_corners=True). */
export function resizeBilinear(x: tf.Tensor4D, size: [number, number]): tf.Tensor4D {
  return tf.image.resizeBilinear(x, size, true);
}
