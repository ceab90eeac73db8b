import type { LabelledImage } from '../dataset.js';
import type { View } from './augment.js';
import { sampleAxis } from './axis-samples.js';
import { RESIZING } from './resizing.js';

/**
 * The number of pixels with a label in one view of an image: as many as `writeView` writes, without resampling the image.
 *
 * @param window the size of the view in pixels
 * @param label a value of `image.labels`
 */
export function pixelsInView(
  { labels, width, height }: LabelledImage,
  { scaledWidth, scaledHeight, left, top, flip, resize }: View,
  window: { width: number; height: number },
  label: number,
): number {
  const like = RESIZING[resize];
  const across = { size: width, scaledSize: scaledWidth, flip };
  const down = { size: height, scaledSize: scaledHeight, flip: false };
  const columns = sampleAxis(across, { offset: left, count: window.width }, like);
  const rows = sampleAxis(down, { offset: top, count: window.height }, like);
  let count = 0;
  for (let y = rows.from; y < rows.to; y++) {
    const row = rows.nearest[y]! * width;
    for (let x = columns.from; x < columns.to; x++) if (labels[row + columns.nearest[x]!] === label) count++;
  }
  return count;
}
