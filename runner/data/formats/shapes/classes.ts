import type { Random } from '../../../random/random.js';
import { cross, disc, type Outline, ring, square, star, triangle } from './outlines.js';
import type { TextureStyle, Tones } from './textures.js';

export interface ShapeClass {
  name: string;
  outline: Outline;
  /** The centre of its typical range of hues, in degrees. */
  hue: number;
  /** The typical kind of pattern of its objects. */
  patterns: 'smooth' | 'periodic';
  /** The range of its objects' radii, in pixels. */
  radius: readonly [smallest: number, largest: number];
  /** Its colour in label maps. */
  color: [number, number, number];
}

/** Objects of this size cover a tenth of a scene. */
export const MEDIUM = [12, 22] as const;

/**
 * The object classes of `shapes` in the order of their indices (0 is the background). The outline defines the class. Colour and
 * pattern are only hints, as in photographs: half of a class's hues also belong to a neighbour, three classes share
 * each kind of pattern, clutter has all of them, and some objects (`UNTYPICAL`) have any hue or pattern.
 */
export const SHAPE_CLASSES: readonly ShapeClass[] = [
  { name: 'disc', outline: disc, hue: 0, patterns: 'smooth', radius: MEDIUM, color: [230, 75, 60] },
  { name: 'square', outline: square, hue: 240, patterns: 'periodic', radius: MEDIUM, color: [60, 130, 230] },
  { name: 'triangle', outline: triangle, hue: 60, patterns: 'periodic', radius: MEDIUM, color: [245, 190, 50] },
  { name: 'ring', outline: ring, hue: 120, patterns: 'smooth', radius: MEDIUM, color: [70, 180, 100] },
  { name: 'cross', outline: cross, hue: 180, patterns: 'periodic', radius: MEDIUM, color: [155, 90, 200] },
  { name: 'star', outline: star, hue: 300, patterns: 'smooth', radius: MEDIUM, color: [250, 130, 190] },
];

/** Neighbours are 60 degrees apart. A class spans 80 degrees and shares 20 of them with each neighbour. */
const HUE_SPREAD = 40;
const SATURATION = [0.5, 1] as const;
const VALUE = [0.5, 0.95] as const;
/** The share of objects with any hue, and the share with any pattern. */
const UNTYPICAL = 0.05;
const OBJECT_CONTRAST = 90;

const ANY_HUE: Tones = { hue: [0, 360], saturation: SATURATION, value: VALUE };

/** Draws the style of one object of a class. */
export function drawStyle(random: Random, { hue, patterns }: ShapeClass): TextureStyle {
  const typical: Tones = { ...ANY_HUE, hue: [360 + hue - HUE_SPREAD, 360 + hue + HUE_SPREAD] };
  return {
    tones: random.uniform() < UNTYPICAL ? ANY_HUE : typical,
    patterns: random.uniform() < UNTYPICAL ? 'any' : patterns,
    contrast: OBJECT_CONTRAST,
  };
}

/** A pale background with low contrast. */
export const GROUND_STYLE: TextureStyle = {
  tones: { hue: [0, 360], saturation: [0, 0.2], value: [0.3, 0.6] },
  patterns: 'any',
  contrast: 40,
};

/** Clutter looks like an object of any class. */
export const CLUTTER_STYLE: TextureStyle = { tones: ANY_HUE, patterns: 'any', contrast: OBJECT_CONTRAST };
