import type { Random } from '../random/random.js';

export interface CutmixOptions {
  /** How many rectangles are combined by XOR. */
  boxes: number;
  /** Least and greatest share of the image that one rectangle covers, before the division by the number of boxes. */
  areaShare: readonly [number, number];
}

/**
 * One CutMix mask, height x width, 1 where the second image comes in (French et al. 2020, as CPS uses it): each box draws
 * an area share U(low, high), a height exp(U ln share) and a width share / height, both times sqrt(1 / boxes), and lies
 * uniformly inside the image; boxes combine by XOR.
 */
export function cutmixMask(random: Random, height: number, width: number, options: CutmixOptions): Uint8Array {
  const mask = new Uint8Array(height * width);
  const [low, high] = options.areaShare;
  const shrink = Math.sqrt(1 / options.boxes);
  for (let box = 0; box < options.boxes; box++) {
    const share = low + (high - low) * random.uniform();
    const tall = Math.exp(random.uniform() * Math.log(share));
    const rows = Math.round(tall * shrink * height);
    const columns = Math.round((share / tall) * shrink * width);
    const top = Math.round((height - rows) * random.uniform());
    const left = Math.round((width - columns) * random.uniform());
    for (let y = top; y < top + rows; y++) {
      for (let at = y * width + left; at < y * width + left + columns; at++) mask[at]! ^= 1;
    }
  }
  return mask;
}
