import type { Random } from '../../../random/random.js';
import { MEDIUM, type ShapeClass } from './classes.js';
import { cross, disc, hexagon, horseshoe, ring, square, star, triangle } from './outlines.js';
import type { SceneContents } from './scene.js';

/** A tenth of the area of MEDIUM: a network that predicts at a quarter of the size sees three pixels across. */
const TINY = [4, 7] as const;
/** Twice the area of MEDIUM. */
const LARGE = [18, 28] as const;

/**
 * The object classes of `shapes_longtail`, most frequent first. Two of the frequent ones are tiny and two of the rare ones large, so
 * that the rarer class of a pair can have more pixels. A horseshoe is a ring with a gap and has the same hues and patterns, so a
 * network must see all of it; all others have hues or patterns of their own.
 */
const LONGTAIL_CLASSES: readonly ShapeClass[] = [
  { name: 'disc', outline: disc, hue: 0, patterns: 'smooth', radius: MEDIUM, color: [230, 75, 60] },
  { name: 'ring', outline: ring, hue: 120, patterns: 'smooth', radius: MEDIUM, color: [70, 180, 100] },
  { name: 'square', outline: square, hue: 240, patterns: 'periodic', radius: TINY, color: [60, 130, 230] },
  { name: 'triangle', outline: triangle, hue: 60, patterns: 'periodic', radius: MEDIUM, color: [245, 190, 50] },
  { name: 'cross', outline: cross, hue: 180, patterns: 'periodic', radius: TINY, color: [155, 90, 200] },
  { name: 'star', outline: star, hue: 300, patterns: 'smooth', radius: LARGE, color: [250, 130, 190] },
  { name: 'horseshoe', outline: horseshoe, hue: 120, patterns: 'smooth', radius: MEDIUM, color: [160, 110, 60] },
  { name: 'hexagon', outline: hexagon, hue: 210, patterns: 'smooth', radius: LARGE, color: [40, 170, 175] },
];

/**
 * Each class has this share of the objects of the one before it. Then the last one is in about one of sixteen scenes, which is four
 * of the 64 labelled ones at 1/8.
 */
const FALL = 2 / 3;

/** Up to which number in [0, 1) each class is drawn. Only +, x and /, as in portable.ts. */
const LIMITS: readonly number[] = limitsOf(LONGTAIL_CLASSES.length);

function limitsOf(classes: number): number[] {
  const sums: number[] = [];
  let sum = 0;
  let weight = 1;
  for (let i = 0; i < classes; i++) {
    sum += weight;
    weight *= FALL;
    sums.push(sum);
  }
  return sums.map((each) => each / sum);
}

export const LONGTAIL: SceneContents = {
  // Of several names that were tried, the one whose splits with seeds 0, 1 and 2 all have a few scenes of the rarest classes.
  name: 'long tail',
  classes: LONGTAIL_CLASSES,
  /** Large objects come first, because they would hide tiny ones. */
  chooseClasses(random: Random, objects: number) {
    const drawn = Array.from({ length: objects }, () => {
      const at = random.uniform();
      return LIMITS.findIndex((limit) => at < limit);
    });
    const size = (index: number) => LONGTAIL_CLASSES[index]!.radius[1];
    return drawn.sort((a, b) => size(b) - size(a));
  },
};
