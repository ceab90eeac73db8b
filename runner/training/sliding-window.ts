import { addWindow, concat, cutWindow, split } from '../operations/index.js';
import { tf } from '../operations/tf.js';

/** The stride as a share of the window. */
const STRIDE_SHARE = 2 / 3;

/** Windows are predicted together, up to this many pixels: enough to keep an engine busy with little memory. */
const PIXELS_AT_ONCE = 2 ** 17;

/**
 * Logits of images of any size (N,H,W,C): the sum of the logits of overlapping windows (height, width). The stride is
 * `ceil(2/3 window)`, and the last window is shifted inward. Where an image is smaller than the window, it is padded with
 * zeros, the mean colour of a normalised image: the network pools over whole windows, so windows must have the size that it
 * was trained with. So do the CPS authors (TorchSemiSeg, furnace/engine/evaluator.py: scale_process) if the image's longer
 * side fits into the window's shorter one. They pad others before normalisation, in black. `logitsOf` gets several windows as
 * one batch, so it must treat each image of a batch independently, as a network in evaluation mode does.
 */
export function slidingLogits(
  images: tf.Tensor4D,
  window: readonly [number, number],
  logitsOf: (windows: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const [count, height, width, channels] = images.shape;
  const [around, beside] = [Math.max(height, window[0]), Math.max(width, window[1])];
  if (around === height && beside === width) return sumOfWindows(images, window, logitsOf);
  const place = { top: Math.floor((around - height) / 2), left: Math.floor((beside - width) / 2), height, width };
  return tf.tidy(() => {
    const padded = addWindow(tf.zeros([count, around, beside, channels]), images, place);
    return cutWindow(sumOfWindows(padded, window, logitsOf), place);
  });
}

function sumOfWindows(
  images: tf.Tensor4D,
  [height, width]: readonly [number, number],
  logitsOf: (windows: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const [count, imageHeight, imageWidth] = images.shape;
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

/** The start positions of windows along a side that is at least as long as the window. */
export function windowStarts(side: number, window: number): number[] {
  const starts: number[] = [];
  const stride = Math.ceil(window * STRIDE_SHARE);
  for (let start = 0; start + window < side; start += stride) starts.push(start);
  return [...starts, side - window];
}
