import type { LabelledImage } from '../dataset.js';
import { insideOf, type View } from './augment.js';
import { RESIZING } from './resizing.js';

/**
 * The number of pixels with a label in one view of an image: as many as `writeView` writes, without resampling the image.
 *
 * @param window the size of the view in pixels
 * @param label a value of `image.labels`
 */
export function pixelsInView(
  image: LabelledImage,
  view: View,
  window: { width: number; height: number },
  label: number,
): number {
  const { labels, width } = image;
  const { scaledWidth, scaledHeight, flip } = view;
  // Mirroring moves pixels within the window, where they are counted all the same.
  const inside = insideOf({ ...view, flip: false }, window);
  const position = RESIZING[view.resize].label;
  const columns = Array.from({ length: Math.max(0, inside.width) }, (_, x) =>
    position({ size: width, scaledSize: scaledWidth, flip }, inside.left + x + view.left),
  );
  let count = 0;
  for (let y = inside.top; y < inside.top + inside.height; y++) {
    const row = position({ size: image.height, scaledSize: scaledHeight, flip: false }, y + view.top) * width;
    for (const column of columns) if (labels[row + column] === label) count++;
  }
  return count;
}
