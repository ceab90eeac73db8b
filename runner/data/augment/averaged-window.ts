import type { LabelledImage } from '../dataset.js';
import type { AxisSamples, Stretch } from './axis-samples.js';
import type { Axis } from './resizing.js';

/** Weights are whole numbers of this size, as in Pillow. */
const UNIT = 2 ** 22;

/** The source positions that a scaled position is a mean of, and their weights, which add up to about UNIT. */
interface Mean {
  first: number;
  weights: number[];
}

/** What an interpolation along both axes needs. */
export interface Source {
  pixels: LabelledImage['pixels'];
  width: number;
  columns: AxisSamples;
  rows: AxisSamples;
}

/**
 * The part of a scaled image that a window covers, computed as Pillow's BILINEAR does: first along the rows, then along the
 * columns. Each value is a mean of the source positions around it, weighted by their distance, and rounded to a whole number.
 * If the image shrinks, the mean covers as many positions as it shrinks by on each side, and not only the nearest. To
 * interpolate the result at the returned positions gives its own values.
 */
export function averagedWindow(
  image: LabelledImage,
  axes: { across: Axis; down: Axis },
  window: { columns: AxisSamples; rows: AxisSamples; left: Stretch; top: Stretch },
): Source {
  const { columns, rows, left, top } = window;
  const { channels } = image;
  const across = meansOf(axes.across, columns, left.offset);
  const down = meansOf(axes.down, rows, top.offset);
  const width = across.length;
  const Values = image.pixels.constructor as new (size: number) => typeof image.pixels;
  const pixels = new Values(down.length * width * channels);
  const firstRow = Math.min(...down.map(({ first }) => first));
  const lastRow = Math.max(...down.map(({ first, weights }) => first + weights.length));
  const narrow = new Values(Math.max(0, lastRow - firstRow) * width * channels);
  for (let y = firstRow; y < lastRow; y++) {
    for (const [x, mean] of across.entries()) {
      const from = (y * image.width + mean.first) * channels;
      const to = ((y - firstRow) * width + x) * channels;
      for (let c = 0; c < channels; c++) narrow[to + c] = weighted(image.pixels, from + c, channels, mean.weights);
    }
  }
  const row = width * channels;
  for (const [y, { first, weights }] of down.entries()) {
    for (let i = 0; i < row; i++) pixels[y * row + i] = weighted(narrow, (first - firstRow) * row + i, row, weights);
  }
  return { pixels, width, columns: asTheyAre(columns), rows: asTheyAre(rows) };
}

function meansOf({ size, scaledSize }: Axis, { from, to }: AxisSamples, offset: number): Mean[] {
  const scale = size / scaledSize;
  const reach = Math.max(scale, 1);
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const centre = (from + i + offset + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(size, Math.trunc(centre + reach + 0.5));
    const shares = Array.from({ length: end - first }, (_, at) =>
      Math.max(0, 1 - Math.abs((first + at - centre + 0.5) * (1 / reach))),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    return { first, weights: shares.map((share) => Math.round((share / sum) * UNIT)) };
  });
}

function weighted(values: ArrayLike<number>, from: number, stride: number, weights: readonly number[]): number {
  let sum = UNIT / 2;
  for (let i = 0, at = from; i < weights.length; i++, at += stride) sum += values[at]! * weights[i]!;
  return Math.floor(sum / UNIT);
}

/** The same stretch of positions, each at its own place in the window's part of the image. */
function asTheyAre(samples: AxisSamples): AxisSamples {
  const place = samples.low.map((_, i) => i - samples.from);
  return { ...samples, low: place, high: place, weight: new Float64Array(place.length) };
}
