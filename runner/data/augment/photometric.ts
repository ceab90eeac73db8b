import type { Random } from '../../random/random.js';
import { blur } from './blur.js';
import type { Raster } from './raster.js';

/**
 * `strong`: ColorJitter(0.5, 0.5, 0.5, 0.25), then grayscale, then blur, as in UniMatch and ST++. `milder`:
 * ColorJitter(0.4, 0.4, 0.4, 0.1), then grayscale, without blur, as in CutMix-Seg.
 */
const STRENGTHS = {
  strong: { jitter: 0.5, hue: 0.25, blurProbability: 0.5 },
  milder: { jitter: 0.4, hue: 0.1, blurProbability: 0 },
} as const;
const JITTER_PROBABILITY = 0.8;
const GRAYSCALE_PROBABILITY = 0.2;
const BLUR_SIGMA = [0.1, 2] as const;

/** The weights of red, green and blue in a gray value (ITU-R 601). */
const LUMA = [0.299, 0.587, 0.114] as const;

const JITTERS = ['brightness', 'contrast', 'saturation', 'hue'] as const;

export type ColourStrength = keyof typeof STRENGTHS;

/** The colour changes of one image, in this order. */
export interface Photometric {
  /** In the drawn order. The amount is a factor around 1 or, for hue, a turn of at most ±0.25 of the colour circle. */
  jitter: { kind: (typeof JITTERS)[number]; amount: number }[];
  grayscale: boolean;
  /** Standard deviation in pixels; null for no blur. */
  blurSigma: number | null;
}

/** Draws the colour changes of a strong view. Always uses the same number of random numbers. */
export function drawPhotometric(random: Random, strength: ColourStrength = 'strong'): Photometric {
  const { jitter: range, hue, blurProbability } = STRENGTHS[strength];
  const jittered = random.uniform() < JITTER_PROBABILITY;
  const jitter = random.shuffle(JITTERS).map((kind) => {
    const drawn = 2 * random.uniform() - 1;
    return { kind, amount: kind === 'hue' ? hue * drawn : 1 + range * drawn };
  });
  const grayscale = random.uniform() < GRAYSCALE_PROBABILITY;
  const blurred = random.uniform() < blurProbability;
  const sigma = BLUR_SIGMA[0] + (BLUR_SIGMA[1] - BLUR_SIGMA[0]) * random.uniform();
  return { jitter: jittered ? jitter : [], grayscale, blurSigma: blurred ? sigma : null };
}

/**
 * Changes the colours of an image in place, with the formulae of Pillow's ImageEnhance but without its rounding. With
 * three or more channels, the first three are red, green and blue, and the others are only blurred. With fewer
 * channels, they are intensities, and only their brightness, contrast and blur change.
 */
export function applyPhotometric(raster: Raster, { jitter, grayscale, blurSigma }: Photometric): void {
  const coloured = isColoured(raster);
  for (const { kind, amount } of jitter) {
    if (kind === 'brightness') blend(raster, amount, null);
    else if (kind === 'contrast') blend(raster, amount, meanGray(raster));
    else if (coloured && kind === 'saturation') saturate(raster, amount);
    else if (coloured) turnHue(raster, amount);
  }
  if (grayscale && coloured) saturate(raster, 0);
  if (blurSigma !== null) blur(raster, blurSigma);
}

/** Whether the first three channels are red, green and blue. */
export function isColoured({ channels }: Raster): boolean {
  return channels >= 3;
}

/** Blends each value with `towards`: `amount` is the share of the value. Null means black. */
export function blend({ values, channels }: Raster, amount: number, towards: number | null): void {
  const rest = (towards ?? 0) * (1 - amount);
  const last = Math.min(channels, 3);
  for (let at = 0; at < values.length; at += channels) {
    for (let c = 0; c < last; c++) values[at + c] = clamped(values[at + c]! * amount + rest);
  }
}

/** Blends each value with the gray of its pixel. */
export function saturate({ values, channels }: Raster, amount: number): void {
  for (let at = 0; at < values.length; at += channels) {
    const rest = grayAt(values, at) * (1 - amount);
    for (let c = 0; c < 3; c++) values[at + c] = clamped(values[at + c]! * amount + rest);
  }
}

/** The mean gray value, rounded as in Pillow. */
export function meanGray({ values, channels }: Raster): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += channels) {
    if (channels >= 3) sum += grayAt(values, at);
    else for (let c = 0; c < channels; c++) sum += values[at + c]! / channels;
  }
  return Math.floor(sum / (values.length / channels) + 0.5);
}

function grayAt(values: Float32Array, at: number): number {
  return LUMA[0] * values[at]! + LUMA[1] * values[at + 1]! + LUMA[2] * values[at + 2]!;
}

/** Rotates every hue in HSV by `turn` of the colour circle. Value and saturation do not change. */
export function turnHue({ values, channels }: Raster, turn: number): void {
  for (let at = 0; at < values.length; at += channels) {
    const red = values[at]!;
    const green = values[at + 1]!;
    const blue = values[at + 2]!;
    const high = Math.max(red, green, blue);
    const spread = high - Math.min(red, green, blue);
    if (spread === 0) continue;
    let sixths =
      red === high ? (green - blue) / spread : green === high ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
    sixths += 6 * turn;
    for (let c = 0; c < 3; c++) {
      // Each channel is a trapezoid function of the hue. Red's is at 5 sixths, green's at 3, blue's at 1.
      const place = (((sixths + 5 - 2 * c) % 6) + 6) % 6;
      values[at + c] = high - spread * Math.max(0, Math.min(place, 4 - place, 1));
    }
  }
}

function clamped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
