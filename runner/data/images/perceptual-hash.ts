import { type Channels, fullScale, type Pixels } from './pixels.js';

/** The picture is reduced to a square of this side. */
const SIDE = 32;
/** The lowest frequencies of both axes that the hash holds: 8 x 8 = 64 bits. */
const FREQUENCIES = 8;
/** Smaller differences are rounding errors. */
const ROUNDING = 1e-6;

/** cos(pi / SIDE * (x + 1/2) * frequency), frequency x position. */
const COSINES = Float64Array.from({ length: FREQUENCIES * SIDE }, (_, i) =>
  Math.cos((Math.PI / SIDE) * ((i % SIDE) + 0.5) * Math.floor(i / SIDE)),
);

/** What the hash needs of an image. */
export interface HashedImage {
  width: number;
  height: number;
  channels: Channels;
  pixels: Pixels;
}

/**
 * The pHash of an image as 16 hex digits: which of the 8 x 8 lowest frequencies (DCT-II) of a 32 x 32 gray picture are above
 * their median. Scaling, another compression, brightness and contrast change few of the bits. (C. Zauner, Implementation and
 * Benchmarking of Perceptual Image Hash Functions, 2010.)
 */
export function perceptualHash(image: HashedImage): string {
  const low = lowFrequencies(grayThumbnail(image));
  const sorted = Float64Array.from(low).sort();
  const median = (sorted[31]! + sorted[32]!) / 2;
  let hash = '';
  for (let at = 0; at < low.length; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = 2 * digit + (low[at + bit]! > median + ROUNDING ? 1 : 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** Mean brightness in [0, 255] of each cell, SIDE x SIDE. In a picture smaller than that, several cells show the same pixel. */
export function grayThumbnail({ width, height, channels, pixels }: HashedImage): Float64Array {
  const thumbnail = new Float64Array(SIDE * SIDE);
  const columns = cells(width);
  const rows = cells(height);
  for (let row = 0; row < SIDE; row++) {
    const [top, bottom] = [rows[2 * row]!, rows[2 * row + 1]!];
    for (let y = top; y < bottom; y++) {
      for (let column = 0; column < SIDE; column++) {
        const start = (y * width + columns[2 * column]!) * channels;
        const end = (y * width + columns[2 * column + 1]!) * channels;
        thumbnail[row * SIDE + column]! += brightness(pixels, start, end, channels);
      }
    }
    for (let column = 0; column < SIDE; column++) {
      const count = (bottom - top) * (columns[2 * column + 1]! - columns[2 * column]!);
      thumbnail[row * SIDE + column]! *= 255 / fullScale(pixels) / count;
    }
  }
  return thumbnail;
}

/** The first pixel of each cell of an axis, and the first one after it. */
function cells(length: number): Int32Array {
  const ends = new Int32Array(2 * SIDE);
  for (let cell = 0; cell < SIDE; cell++) {
    ends[2 * cell] = Math.floor((cell * length) / SIDE);
    ends[2 * cell + 1] = Math.max(ends[2 * cell]! + 1, Math.floor(((cell + 1) * length) / SIDE));
  }
  return ends;
}

/** The sum of the brightness (ITU-R 601) of neighbouring pixels. */
function brightness(pixels: Pixels, start: number, end: number, channels: Channels): number {
  let sum = 0;
  if (channels === 1) {
    for (let at = start; at < end; at++) sum += pixels[at]!;
    return sum;
  }
  for (let at = start; at < end; at += channels)
    sum += 299 * pixels[at]! + 587 * pixels[at + 1]! + 114 * pixels[at + 2]!;
  return sum / 1000;
}

/** FREQUENCIES x FREQUENCIES coefficients, vertical x horizontal. */
function lowFrequencies(thumbnail: Float64Array): Float64Array {
  const horizontal = new Float64Array(SIDE * FREQUENCIES);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += thumbnail[y * SIDE + x]! * COSINES[u * SIDE + x]!;
      horizontal[y * FREQUENCIES + u] = sum;
    }
  }
  const low = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += horizontal[y * FREQUENCIES + u]! * COSINES[v * SIDE + y]!;
      low[v * FREQUENCIES + u] = sum;
    }
  }
  return low;
}

/** Whether a hash is that of a picture in a single colour: at most the mean is above the median. */
export const isUniformHash = (hash: string): boolean => /^[08]0*$/.test(hash);

/** The number of bits of a 32-bit integer that are set. */
export function bits(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
