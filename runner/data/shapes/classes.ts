import type { Random } from '../../random/random.js';
import { cross, disc, type Outline, ring, square, star, triangle } from './outlines.js';
import type { TextureStyle } from './textures.js';

interface ShapeClass {
  name: string;
  outline: Outline;
  /** How most of its objects are painted. */
  tones: 'warm' | 'green' | 'cool';
  patterns: 'smooth' | 'periodic';
  /** Its colour on label maps; it has nothing to do with how the objects are painted. */
  color: [number, number, number];
}

/**
 * The object classes in the order of their indices (0 is the background). The outline decides; colour and pattern hint
 * at it, as they do in photographs: two classes share each tone, three each pattern, the clutter has them all, and some
 * objects (`UNTYPICAL`) are painted in any way.
 */
export const SHAPE_CLASSES: readonly ShapeClass[] = [
  { name: 'disc', outline: disc, tones: 'warm', patterns: 'smooth', color: [230, 75, 60] },
  { name: 'square', outline: square, tones: 'cool', patterns: 'periodic', color: [60, 130, 230] },
  { name: 'triangle', outline: triangle, tones: 'green', patterns: 'smooth', color: [245, 190, 50] },
  { name: 'ring', outline: ring, tones: 'warm', patterns: 'periodic', color: [70, 180, 100] },
  { name: 'cross', outline: cross, tones: 'cool', patterns: 'smooth', color: [155, 90, 200] },
  { name: 'star', outline: star, tones: 'green', patterns: 'periodic', color: [250, 130, 190] },
];

/** Share of the objects whose tones, and share of those whose pattern, are not their class's. */
const UNTYPICAL = 0.15;
const OBJECT_CONTRAST = 90;

/** How one object of a class is painted. */
export function drawStyle(random: Random, { tones, patterns }: ShapeClass): TextureStyle {
  return {
    tones: random.uniform() < UNTYPICAL ? 'any' : tones,
    patterns: random.uniform() < UNTYPICAL ? 'any' : patterns,
    contrast: OBJECT_CONTRAST,
  };
}
