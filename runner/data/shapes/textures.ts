import type { Random } from '../../random/random.js';
import { checks, gradient, noise, type Pattern, plain, stripes } from './patterns.js';
import { between } from './portable.js';

/** The colour at a point, as three channels from about 0 to 255. */
export type Texture = (x: number, y: number, channel: number) => number;

type Range = readonly [low: number, high: number];

/** Where each channel of a texture's first colour lies. */
export const TONES = {
  any: [
    [20, 235],
    [20, 235],
    [20, 235],
  ],
  muted: [
    [80, 150],
    [80, 150],
    [80, 150],
  ],
  warm: [
    [170, 240],
    [40, 160],
    [20, 120],
  ],
  green: [
    [20, 140],
    [150, 235],
    [20, 130],
  ],
  cool: [
    [20, 130],
    [40, 160],
    [170, 240],
  ],
} as const satisfies Record<string, readonly [Range, Range, Range]>;

const PATTERNS = {
  smooth: [plain, gradient, noise],
  periodic: [stripes, checks],
  any: [plain, gradient, noise, stripes, checks],
} as const;

export interface TextureStyle {
  tones: keyof typeof TONES;
  patterns: keyof typeof PATTERNS;
  /** How far each channel of the second colour may lie from the first one, 0 to 255. */
  contrast: number;
}

/** A pattern of two colours. */
export function drawTexture(random: Random, { tones, patterns, contrast }: TextureStyle): Texture {
  const choices = PATTERNS[patterns];
  const pattern: Pattern = choices[random.int(choices.length)]!(random);
  const first = TONES[tones].map(([low, high]) => between(random, low, high));
  const second = first.map((value) => value + between(random, -contrast, contrast));
  return (x, y, channel) => first[channel]! + (second[channel]! - first[channel]!) * pattern(x, y);
}
