import { type Channels, fullScale, type Pixels } from './pixels.js';

export type ValueRange = [lowest: number, highest: number];

/** The lowest and highest value of each of the interleaved channels. */
export function valueRanges(pixels: Pixels, channels: Channels): ValueRange[] {
  const widest = fullScale(pixels);
  return Array.from({ length: channels }, (_, channel): ValueRange => {
    let lowest = widest;
    let highest = 0;
    // Most photographs have black and white pixels, so there is little to read.
    for (let at = channel; at < pixels.length && highest - lowest < widest; at += channels) {
      const value = pixels[at]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    return [lowest, highest];
  });
}
