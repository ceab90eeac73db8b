import type { Channels } from './pixels.js';
import { fullScale, type Pixels } from './pixels.js';

/** How pixels are normalised for a network, per channel: (value / full scale - mean) / std. */
export interface Normalisation {
  mean: readonly number[];
  std: readonly number[];
}

/** ImageNet's mean and standard deviation of red, green and blue, for values in [0, 1], as in torchvision. */
export const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** What one image contributes to the mean and standard deviation of a channel, with values scaled to [0, 1]. */
export interface ChannelSums {
  count: number;
  sum: number;
  squares: number;
}

/** Sums the last of the interleaved channels, which is not a colour. */
export function sumLastChannel(pixels: Pixels, channels: Channels): ChannelSums {
  let sum = 0;
  let squares = 0;
  // Sums of whole numbers, so that every machine gets the same bits.
  for (let at = channels - 1; at < pixels.length; at += channels) {
    const value = pixels[at]!;
    sum += value;
    squares += value * value;
  }
  const scale = fullScale(pixels);
  return { count: pixels.length / channels, sum: sum / scale, squares: squares / (scale * scale) };
}

/**
 * Colours use ImageNet's mean and standard deviation. A channel that is not a colour uses its own, measured over the
 * given images, because the meaning of its values differs too much between cameras.
 *
 * @returns null when that channel cannot be normalised: it has the same value everywhere, or there are no images.
 */
export function measuredNormalisation(channels: Channels, images: readonly ChannelSums[]): Normalisation | null {
  if (channels === 3) return IMAGENET;
  const total = { count: 0, sum: 0, squares: 0 };
  for (const { count, sum, squares } of images) {
    total.count += count;
    total.sum += sum;
    total.squares += squares;
  }
  const mean = total.sum / total.count;
  const variance = total.squares / total.count - mean * mean;
  if (!(variance > SMALLEST_VARIANCE)) return null;
  const std = Math.sqrt(variance);
  return channels === 1
    ? { mean: [mean], std: [std] }
    : { mean: [...IMAGENET.mean, mean], std: [...IMAGENET.std, std] };
}

/** A smaller variance is rounding error. Values that differ by one 16-bit step have a variance of about 6e-11. */
const SMALLEST_VARIANCE = 1e-12;
