import type { Random } from '../../../random/random.js';
import { checks, gradient, noise, type Pattern, plain, stripes } from './patterns.js';
import { between } from './portable.js';

/** The colour at a point, as three channels from about 0 to 255. */
export type Texture = (x: number, y: number, channel: number) => number;

type Range = readonly [low: number, high: number];

/** The range of a texture's colours: hue in degrees (may exceed 360), saturation and value from 0 to 1. */
export interface Tones {
  hue: Range;
  saturation: Range;
  value: Range;
}

const PATTERNS = {
  smooth: [plain, gradient, noise],
  periodic: [stripes, checks],
  any: [plain, gradient, noise, stripes, checks],
} as const;

export interface TextureStyle {
  tones: Tones;
  patterns: keyof typeof PATTERNS;
  /** The maximum difference in brightness of the second colour, 0 to 255. The minimum is half of it. */
  contrast: number;
}

/** A pattern of two shades of a colour. */
export function drawTexture(random: Random, { tones, patterns, contrast }: TextureStyle): Texture {
  const choices = PATTERNS[patterns];
  const pattern: Pattern = choices[random.int(choices.length)]!(random);
  const first = rgb(
    between(random, ...tones.hue),
    between(random, ...tones.saturation),
    between(random, ...tones.value),
  );
  const shade = between(random, contrast / 2, contrast) * (random.int(2) === 0 ? 1 : -1);
  return (x, y, channel) => first[channel]! + shade * pattern(x, y);
}

/** Hue, saturation, value as red, green, blue from 0 to 255. */
function rgb(hue: number, saturation: number, value: number): readonly number[] {
  const channel = (sector: number): number => {
    const k = (sector + hue / 60) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}
