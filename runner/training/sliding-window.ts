import { tf } from '../engines/tf.js';

/** The share of a window by which it moves. */
const STRIDE_SHARE = 2 / 3;

/**
 * Logits of images of any size (N,H,W,C): whole when they fit the window (height, width), otherwise the sum of the logits
 * of overlapping windows, each `ceil(2/3 window)` further and the last one shifted inward.
 */
export function slidingLogits(
  images: tf.Tensor4D,
  [windowHeight, windowWidth]: readonly [number, number],
  logitsOf: (window: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const [count, height, width, channels] = images.shape;
  const tall = Math.min(height, windowHeight);
  const wide = Math.min(width, windowWidth);
  const corners = windowStarts(height, tall).flatMap((top) =>
    windowStarts(width, wide).map((left) => [top, left] as const),
  );
  const placed = ([top, left]: readonly [number, number]) => {
    const logits = logitsOf(images.slice([0, top, left, 0], [count, tall, wide, channels]));
    if (corners.length === 1) return logits;
    const above: [number, number] = [top, height - top - tall];
    const beside: [number, number] = [left, width - left - wide];
    return tf.pad(logits, [[0, 0], above, beside, [0, 0]]);
  };
  let sum = tf.tidy(() => placed(corners[0]!));
  for (const corner of corners.slice(1)) {
    const before = sum;
    sum = tf.tidy(() => tf.add<tf.Tensor4D>(before, placed(corner)));
    before.dispose();
  }
  return sum;
}

/** Where windows of a length start along a side that is at least as long. */
export function windowStarts(side: number, window: number): number[] {
  const starts: number[] = [];
  const stride = Math.ceil(window * STRIDE_SHARE);
  for (let start = 0; start + window < side; start += stride) starts.push(start);
  return [...starts, side - window];
}
