import { IMAGENET_MEAN, IMAGENET_STD, insideOf, type View } from './augment.js';
import type { Batch } from './dataset.js';
import { applyPhotometric, type Photometric } from './photometric.js';

/**
 * Writes the image in slot `slot` of a batch (see `writeView`) with its colours changed into the same slot of `strong`,
 * which is as large as the batch's images and all 0: the geometry stays, and padding stays padding.
 */
export function writeStrongView(
  batch: Batch,
  slot: number,
  view: View,
  change: Photometric,
  strong: Float32Array,
): void {
  const { left, top, width, height } = insideOf(view, batch);
  if (width === 0 || height === 0) return;
  const channels = batch.images.length / (batch.count * batch.height * batch.width);
  const values = new Float32Array(width * height * channels);
  const raster = { values, width, height, channels };
  const scale = IMAGENET_STD.map((std) => 255 * std);
  const shift = IMAGENET_MEAN.map((mean) => 255 * mean);
  const rowAt = (y: number) => ((slot * batch.height + top + y) * batch.width + left) * channels;
  for (let y = 0; y < height; y++) {
    const from = rowAt(y);
    for (let i = 0; i < width * channels; i++) {
      values[y * width * channels + i] = batch.images[from + i]! * scale[i % channels]! + shift[i % channels]!;
    }
  }
  applyPhotometric(raster, change);
  for (let y = 0; y < height; y++) {
    const to = rowAt(y);
    for (let i = 0; i < width * channels; i++) {
      strong[to + i] = (values[y * width * channels + i]! - shift[i % channels]!) / scale[i % channels]!;
    }
  }
}
