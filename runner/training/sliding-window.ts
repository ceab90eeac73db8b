import { addWindow, concat, cutWindow, split } from '../engines/operations.js';
import { tf } from '../engines/tf.js';

/** The share of a window by which it moves. */
const STRIDE_SHARE = 2 / 3;

/** Windows go through the network together, up to so many pixels: enough to fill an engine, little memory. */
const PIXELS_AT_ONCE = 2 ** 17;

/**
 * Logits of images of any size (N,H,W,C): whole when they fit the window (height, width), otherwise the sum of the logits
 * of overlapping windows, each `ceil(2/3 window)` further and the last one shifted inward. `logitsOf` gets several windows
 * as one batch, so it must treat each image of a batch alone, as a network in evaluation does.
 */
export function slidingLogits(
  images: tf.Tensor4D,
  [windowHeight, windowWidth]: readonly [number, number],
  logitsOf: (windows: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const [count, imageHeight, imageWidth] = images.shape;
  const height = Math.min(imageHeight, windowHeight);
  const width = Math.min(imageWidth, windowWidth);
  const windows = windowStarts(imageHeight, height).flatMap((top) =>
    windowStarts(imageWidth, width).map((left) => ({ top, left, height, width })),
  );
  if (windows.length === 1) return logitsOf(images);

  const together = Math.max(1, Math.floor(PIXELS_AT_ONCE / (count * height * width)));
  let sum: tf.Tensor4D | null = null;
  for (let first = 0; first < windows.length; first += together) {
    const group = windows.slice(first, first + together);
    const before: tf.Tensor4D | null = sum;
    sum = tf.tidy(() => {
      const cut = group.map((window) => cutWindow(images, window));
      const logits = logitsOf(concat(cut, 0));
      const parts = split(
        logits,
        group.map(() => count),
        0,
      );
      const start: tf.Tensor4D = before ?? tf.zeros<tf.Rank.R4>([count, imageHeight, imageWidth, logits.shape[3]]);
      return parts.reduce<tf.Tensor4D>((total, part, i) => addWindow(total, part, group[i]!), start);
    });
    before?.dispose();
  }
  return sum!;
}

/** Where windows of a length start along a side that is at least as long. */
export function windowStarts(side: number, window: number): number[] {
  const starts: number[] = [];
  const stride = Math.ceil(window * STRIDE_SHARE);
  for (let start = 0; start + window < side; start += stride) starts.push(start);
  return [...starts, side - window];
}
