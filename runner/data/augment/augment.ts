import type { RunConfig } from '../../../schema/run-config.js';
import type { Random } from '../../random/random.js';
import type { Batch, DatasetDescriptor, LabelledImage } from '../dataset.js';
import { IGNORE_LABEL } from '../images/ignore-label.js';
import type { Channels } from '../images/pixels.js';
import { fullScale } from '../images/pixels.js';
import { averagedWindow, type Source } from './averaged-window.js';
import { overlap, sampleAxis } from './axis-samples.js';
import { RESIZING, type Resize, type Scale } from './resizing.js';

export type AugmentationConfig = RunConfig['augmentation'];

/** A drawn augmentation: resize the image, crop the window and mirror it. */
export interface View {
  /** Size of the whole image after scaling. */
  scaledWidth: number;
  scaledHeight: number;
  /** The window's corner in the scaled image. Negative if the window extends beyond the image and is padded. */
  left: number;
  top: number;
  flip: boolean;
  resize: Resize;
}

/** The whole image, unchanged. */
export function wholeImage(image: LabelledImage): View {
  return { scaledWidth: image.width, scaledHeight: image.height, left: 0, top: 0, flip: false, resize: 'centred' };
}

/**
 * Draws scale, position and flip. A scaled image that is smaller than the crop is centred in it or, with black padding, at
 * its top left.
 */
export function drawView(random: Random, image: LabelledImage, config: AugmentationConfig): View {
  const [cropHeight, cropWidth] = config.crop;
  const { resize } = config;
  const [scaledWidth, scaledHeight] = drawSize(random, image, config);
  const centred = config.padding === 'mean';
  const left = drawOffset(random, scaledWidth, cropWidth, centred);
  const top = drawOffset(random, scaledHeight, cropHeight, centred);
  return { scaledWidth, scaledHeight, left, top, flip: random.uniform() < config.flip, resize };
}

function drawSize(
  random: Random,
  { width, height }: LabelledImage,
  { scales, resize }: AugmentationConfig,
): [width: number, height: number] {
  const { side } = RESIZING[resize];
  const scale = drawScale(random, Math.max(width, height), scales);
  return [Math.max(1, side(width, scale)), Math.max(1, side(height, scale))];
}

/** A range gives every length of the longer side within it the same chance, as in UniMatch (dataset/transform.py). */
function drawScale(random: Random, longer: number, scales: AugmentationConfig['scales']): Scale {
  if (Array.isArray(scales)) return { times: scales[random.int(scales.length)]!, over: 1 };
  const least = Math.max(1, Math.floor(longer * scales.from));
  const most = Math.max(1, Math.floor(longer * scales.to));
  return { times: least + random.int(most - least + 1), over: longer };
}

/** Always uses one random number, so that one axis never shifts the draws of the next. */
function drawOffset(random: Random, size: number, crop: number, centred: boolean): number {
  const free = size - crop;
  const drawn = random.int(Math.max(0, free) + 1);
  if (free >= 0) return drawn;
  return centred ? 0 - Math.floor(-free / 2) : 0;
}

/** The part of a window that the image covers, in window coordinates. The rest is padding. */
export function insideOf(
  { scaledWidth, scaledHeight, left, top, flip }: View,
  window: { width: number; height: number },
): { left: number; top: number; width: number; height: number } {
  const [fromX, toX] = overlap(scaledWidth, { offset: left, count: window.width });
  const [fromY, toY] = overlap(scaledHeight, { offset: top, count: window.height });
  return { left: flip ? window.width - toX : fromX, top: fromY, width: toX - fromX, height: toY - fromY };
}

/**
 * A batch of padding: labels are ignored, and images are 0, the mean colour, or have the given normalised value in each
 * channel.
 */
export function emptyBatch(
  count: number,
  height: number,
  width: number,
  channels: Channels,
  colour?: readonly number[],
): Batch {
  const labels = new Uint8Array(count * height * width).fill(IGNORE_LABEL);
  const images = new Float32Array(count * height * width * channels);
  if (colour) for (let i = 0; i < images.length; i++) images[i] = colour[i % channels]!;
  return { count, height, width, channels, images, labels, strong: [] };
}

/** Writes 1 where the image in slot `slot` of a batch is padding, and 0 inside, to the same slot of `padding`. */
export function writePadding(
  batch: Pick<Batch, 'height' | 'width'>,
  slot: number,
  view: View,
  padding: Uint8Array,
): void {
  const { left, top, width, height } = insideOf(view, batch);
  const start = slot * batch.height * batch.width;
  padding.fill(1, start, start + batch.height * batch.width);
  if (width <= 0) return;
  for (let y = top; y < top + height; y++) {
    const row = start + y * batch.width + left;
    padding.fill(0, row, row + width);
  }
}

/** Black after normalisation. */
export function normalisedBlack({ mean, std }: ImageCoding['normalisation']): number[] {
  return mean.map((each, c) => -each / std[c]!);
}

/** How a dataset encodes its images. */
export type ImageCoding = Pick<DatasetDescriptor, 'ignoreIndex' | 'normalisation'>;

/**
 * Writes one view of an image into slot `slot` of a new batch (see `emptyBatch`). Pixels are interpolated bilinearly
 * between half-pixel centres and normalised. Labels use the nearest pixel, and the dataset's ignore index becomes 255.
 * Pixels outside the image keep the padding. Only the pixels of the window are resampled. See RESIZING for other ways.
 */
export function writeView(image: LabelledImage, view: View, batch: Batch, slot: number, coding: ImageCoding): void {
  const like = RESIZING[view.resize];
  const { columns, rows, pixels, width } = sourceOf(image, view, batch);
  const { ignoreIndex, normalisation } = coding;
  const { labels, channels } = image;
  const scale = normalisation.std.map((std) => 1 / (fullScale(pixels) * std));
  const shift = normalisedBlack(normalisation);

  for (let y = rows.from; y < rows.to; y++) {
    const upper = rows.low[y]! * width;
    const lower = rows.high[y]! * width;
    const down = rows.weight[y]!;
    const labelRow = rows.nearest[y]! * image.width;
    const outRow = (slot * batch.height + y) * batch.width;
    for (let x = columns.from; x < columns.to; x++) {
      const across = columns.weight[x]!;
      const a = (upper + columns.low[x]!) * channels;
      const b = (upper + columns.high[x]!) * channels;
      const c = (lower + columns.low[x]!) * channels;
      const d = (lower + columns.high[x]!) * channels;
      const out = outRow + (view.flip ? batch.width - 1 - x : x);
      for (let channel = 0; channel < channels; channel++) {
        const above = pixels[a + channel]! + (pixels[b + channel]! - pixels[a + channel]!) * across;
        const below = pixels[c + channel]! + (pixels[d + channel]! - pixels[c + channel]!) * across;
        const value = like.colour(above + (below - above) * down);
        batch.images[out * channels + channel] = value * scale[channel]! + shift[channel]!;
      }
      const label = labels[labelRow + columns.nearest[x]!]!;
      batch.labels[out] = label === ignoreIndex ? IGNORE_LABEL : label;
    }
  }
}

/** What the pixels of a window are interpolated between. */
function sourceOf(image: LabelledImage, view: View, window: { width: number; height: number }): Source {
  const like = RESIZING[view.resize];
  const across = { size: image.width, scaledSize: view.scaledWidth, flip: view.flip };
  const down = { size: image.height, scaledSize: view.scaledHeight, flip: false };
  const left = { offset: view.left, count: window.width };
  const top = { offset: view.top, count: window.height };
  const columns = sampleAxis(across, left, like);
  const rows = sampleAxis(down, top, like);
  if (like.averages) return averagedWindow(image, { across, down }, { columns, rows, left, top });
  return { pixels: image.pixels, width: image.width, columns, rows };
}
