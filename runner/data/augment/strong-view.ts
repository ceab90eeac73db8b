import type { Batch } from '../dataset.js';
import type { Normalisation } from '../images/normalisation.js';
import { insideOf, type View } from './augment.js';
import { applyIntensity, type IntensityChange } from './intensity.js';
import { applyPhotometric, type Photometric } from './photometric.js';

/**
 * How a normalised single channel is mapped to gray values before its brightness and contrast change: the mean is
 * mid-gray, and four standard deviations reach black and white. A thermal image may use only a thousandth of its 16-bit
 * range; half the raw brightness would move it out of that range.
 */
const INTENSITY: Normalisation = { mean: [1 / 2], std: [1 / 8] };

/** How the colours of an image change: UniMatch's jitter, grayscale and blur, or AugSeg's list. */
export type ColourChange = Photometric | readonly IntensityChange[];

/**
 * Changes the colours of the image in slot `slot` of a batch (see `writeView`) and writes it to the same slot of
 * `strong`, which has the size of the batch's images and is all padding. The geometry does not change, nor does the
 * padding, unless the colours of the `whole` window change. A single channel's padding never changes: black is too far from
 * its values.
 */
export function writeStrongView(
  batch: Batch,
  slot: number,
  view: View,
  { colours, normalisation, whole = false }: { colours: ColourChange; normalisation: Normalisation; whole?: boolean },
  strong: Float32Array,
): void {
  const { channels } = batch;
  const window = { left: 0, top: 0, width: batch.width, height: batch.height };
  const { left, top, width, height } = whole && channels > 1 ? window : insideOf(view, batch);
  if (width === 0 || height === 0) return;
  const values = new Float32Array(width * height * channels);
  const raster = { values, width, height, channels };
  const { mean, std } = channels === 1 ? INTENSITY : normalisation;
  const scale = std.map((each) => 255 * each);
  const shift = mean.map((each) => 255 * each);
  const rowAt = (y: number) => ((slot * batch.height + top + y) * batch.width + left) * channels;
  for (let y = 0; y < height; y++) {
    const from = rowAt(y);
    for (let i = 0; i < width * channels; i++) {
      values[y * width * channels + i] = batch.images[from + i]! * scale[i % channels]! + shift[i % channels]!;
    }
  }
  if ('jitter' in colours) applyPhotometric(raster, colours);
  else applyIntensity(raster, colours);
  for (let y = 0; y < height; y++) {
    const to = rowAt(y);
    for (let i = 0; i < width * channels; i++) {
      strong[to + i] = (values[y * width * channels + i]! - shift[i % channels]!) / scale[i % channels]!;
    }
  }
}
