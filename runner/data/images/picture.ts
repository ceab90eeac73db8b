import type { LabelledImage } from '../dataset.js';
import { fullScale, type Pixels } from './pixels.js';

/**
 * An image for display: RGB, height x width x 3, 0 to 255. Of four channels, it shows the colours. A single channel is
 * stretched from its smallest to its largest value, because a thermal image that uses only a fraction of its 16 bits
 * would otherwise be a uniform gray.
 */
export function pictureOf({ channels, pixels }: Pick<LabelledImage, 'channels' | 'pixels'>): Uint8Array {
  const count = pixels.length / channels;
  const picture = new Uint8Array(count * 3);
  const [low, high] = channels === 1 ? extent(pixels) : [0, fullScale(pixels)];
  const scale = high > low ? 255 / (high - low) : 0;
  for (let pixel = 0; pixel < count; pixel++) {
    for (let c = 0; c < 3; c++) {
      const value = pixels[pixel * channels + (channels === 1 ? 0 : c)]!;
      picture[pixel * 3 + c] = Math.round((value - low) * scale);
    }
  }
  return picture;
}

function extent(pixels: Pixels): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of pixels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
