import type { RunConfig } from '../../../schema/run-config.js';
import type { Dataset, LabelledImage } from '../dataset.js';

/**
 * The same dataset as a run's configuration wants it, for training and evaluation: every image turned as its orientation tag says,
 * or not, and then scaled down by `imageScale` in (0, 1]. Sides become round(scale x side), at least 1.
 */
export function asConfigured(
  dataset: Dataset,
  { imageScale, applyOrientation }: Pick<RunConfig['data'], 'imageScale' | 'applyOrientation'>,
): Dataset {
  if (imageScale === 1 && !applyOrientation) return dataset;
  return {
    descriptor: dataset.descriptor,
    ids: (subset) => dataset.ids(subset),
    unlabelledIds: dataset.unlabelledIds,
    classPixels: (id) => dataset.classPixels(id),
    tagged: dataset.tagged,
    forgetCounts: () => dataset.forgetCounts(),
    async load(subset, id) {
      const image = await dataset.load(subset, id, applyOrientation);
      return imageScale === 1 ? image : shrink(image, imageScale);
    },
  };
}

/** A new pixel is the mean over the area that it covers. Its label is the one at its centre. */
export function shrink(image: LabelledImage, scale: number): LabelledImage {
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const columns = Array.from({ length: width }, (_, x) => covered(x, width, image.width));
  const rows = Array.from({ length: height }, (_, y) => covered(y, height, image.height));
  const { channels } = image;
  const size = width * height * channels;
  const pixels = image.pixels instanceof Uint16Array ? new Uint16Array(size) : new Uint8Array(size);
  const labels = new Uint8Array(width * height);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      const out = y * width + x;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (const [from, down] of row.shares) {
          for (const [at, across] of column.shares) {
            sum += down * across * image.pixels[(from * image.width + at) * channels + channel]!;
          }
        }
        pixels[out * channels + channel] = Math.round(sum);
      }
      labels[out] = image.labels[row.centre * image.width + column.centre]!;
    }
  }
  return { id: image.id, width, height, channels, pixels, labels };
}

interface Covered {
  /** Old positions and their shares of the new one. The shares add up to 1. */
  shares: [position: number, share: number][];
  centre: number;
}

/** The part of an axis with `from` positions that position `index` covers when the axis is scaled to `to` positions. */
function covered(index: number, to: number, from: number): Covered {
  const start = (index * from) / to;
  const end = ((index + 1) * from) / to;
  const shares: [number, number][] = [];
  for (let at = Math.floor(start); at < end; at++) {
    shares.push([at, ((Math.min(at + 1, end) - Math.max(at, start)) * to) / from]);
  }
  return { shares, centre: Math.min(Math.floor((start + end) / 2), from - 1) };
}
