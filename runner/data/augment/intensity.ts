import type { Random } from '../../random/random.js';
import { blur } from './blur.js';
import { blend, isColoured, meanGray, saturate, turnHue } from './photometric.js';
import type { Raster } from './raster.js';

/** The largest value of a colour. */
const WHITE = 255;

/**
 * The operations of AugSeg, each with the range of its amount. A hue turns either way. `posterise`: the number of bits that
 * stay; `solarise`: the value from which colours are inverted. Both are whole numbers.
 */
const OPERATIONS = {
  identity: null,
  autocontrast: null,
  equalise: null,
  blur: [0.1, 2],
  contrast: [0.05, 0.95],
  brightness: [0.05, 0.95],
  saturation: [0.05, 0.95],
  sharpness: [0.05, 0.95],
  posterise: [4, 8],
  solarise: [1, 256],
  hue: [0, 0.5],
} as const;

type Kind = keyof typeof OPERATIONS;

const KINDS = Object.keys(OPERATIONS) as Kind[];
const WHOLE: readonly Kind[] = ['posterise', 'solarise'];

/** One change of an image. The amount is null for the operations that have none. */
export interface IntensityChange {
  kind: Kind;
  amount: number | null;
}

/**
 * Draws the changes of a strong view as AugSeg does: a number of them from 1 to `most`, each of them any operation, with a
 * continuous strength. Always uses the same number of random numbers.
 */
export function drawIntensity(random: Random, most: number): IntensityChange[] {
  const count = 1 + random.int(most);
  const drawn = Array.from({ length: most }, () => {
    const kind = KINDS[random.int(KINDS.length)]!;
    return { kind, amount: amountOf(kind, random.uniform(), random.uniform() < 0.5 ? -1 : 1) };
  });
  return drawn.slice(0, count);
}

function amountOf(kind: Kind, strength: number, sign: number): number | null {
  const range = OPERATIONS[kind];
  if (!range) return null;
  const [low, high] = range;
  // From the weakest to the strongest change of the operation; never none.
  if (WHOLE.includes(kind)) return high - Math.max(1, Math.ceil(strength * (high - low)));
  if (kind === 'hue') return sign * (low + strength * (high - low));
  return high - strength * (high - low);
}

/**
 * Changes an image in place, in the order of the list, with the formulae of Pillow's ImageOps and ImageEnhance. As in
 * `applyPhotometric`, values are not rounded where Pillow's operation does not need whole numbers, with three or more channels
 * only the first three change, apart from blur, and fewer channels have neither saturation nor hue.
 */
export function applyIntensity(raster: Raster, changes: readonly IntensityChange[]): void {
  for (const { kind, amount } of changes) CHANGES[kind](raster, amount ?? 0);
}

const CHANGES: Record<Kind, (raster: Raster, amount: number) => void> = {
  identity: () => {},
  autocontrast: (raster) => throughTables(raster, stretched),
  equalise: (raster) => throughTables(raster, equalised),
  blur: (raster, sigma) => blur(raster, sigma),
  contrast: (raster, amount) => blend(raster, amount, meanGray(raster)),
  brightness: (raster, amount) => blend(raster, amount, null),
  saturation: (raster, amount) => {
    if (isColoured(raster)) saturate(raster, amount);
  },
  sharpness: (raster, amount) => blendWithSmooth(raster, amount),
  posterise: (raster, bits) => throughTables(raster, () => (value) => value & ~(2 ** (8 - bits) - 1)),
  solarise: (raster, threshold) => throughTables(raster, () => (value) => (value < threshold ? value : WHITE - value)),
  hue: (raster, turn) => {
    if (isColoured(raster)) turnHue(raster, turn);
  },
};

/** From the histogram of a channel, 256 counts, makes the function of its whole values from 0 to 255. */
type TableOf = (histogram: Uint32Array) => (value: number) => number;

/** Rounds each colour channel to whole values and maps them. */
function throughTables({ values, channels }: Raster, tableOf: TableOf): void {
  for (let c = 0; c < Math.min(channels, 3); c++) {
    const histogram = new Uint32Array(WHITE + 1);
    for (let at = c; at < values.length; at += channels) {
      values[at] = whole(values[at]!);
      histogram[values[at]!]! += 1;
    }
    const mapped = tableOf(histogram);
    const table = Float32Array.from(histogram, (_, value) => mapped(value));
    for (let at = c; at < values.length; at += channels) values[at] = table[values[at]!]!;
  }
}

function whole(value: number): number {
  return Math.min(WHITE, Math.max(0, Math.round(value)));
}

/** The values from the smallest to the largest become those from 0 to 255. */
const stretched: TableOf = (histogram) => {
  const low = histogram.findIndex((count) => count > 0);
  const high = histogram.findLastIndex((count) => count > 0);
  if (high <= low) return (value) => value;
  return (value) => Math.floor(Math.min(WHITE, Math.max(0, ((value - low) * WHITE) / (high - low))));
};

/** The values become about equally frequent. */
const equalised: TableOf = (histogram) => {
  const last = histogram.findLast((count) => count > 0) ?? 0;
  const step = Math.floor((histogram.reduce((sum, count) => sum + count, 0) - last) / WHITE);
  if (step === 0) return (value) => value;
  let below = Math.floor(step / 2);
  const table = Array.from(histogram, (count) => {
    const value = Math.min(WHITE, Math.floor(below / step));
    below += count;
    return value;
  });
  return (value) => table[value]!;
};

/** Blends with a smoothed image, `amount` being the share of the image itself. Pixels at the border stay. */
function blendWithSmooth({ values, width, height, channels }: Raster, amount: number): void {
  const source = values.slice();
  const row = width * channels;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      for (let c = 0; c < Math.min(channels, 3); c++) {
        const at = y * row + x * channels + c;
        let sum = (CENTRE - 1) * source[at]!;
        for (const up of [-row, 0, row]) {
          for (const left of [-channels, 0, channels]) sum += source[at + up + left]!;
        }
        values[at] = amount * source[at]! + (1 - amount) * (sum / (CENTRE + 8));
      }
    }
  }
}

/** The weight of the pixel itself in Pillow's filter SMOOTH. Each of its eight neighbours has 1. */
const CENTRE = 5;
