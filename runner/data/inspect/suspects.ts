import type { ClassInfo } from '../dataset.js';
import { isBlank } from '../images/class-counts.js';
import type { SizeCounts } from '../images/components.js';
import { type InspectedImage, nameOf, type Suspects } from './inspection.js';

/** A connected component of fewer pixels is probably a slip of the brush. */
export const TINY_BELOW = 10;
/** The labels with tiny components that are named. */
const WORST = 20;

/** The images that somebody should look at. */
export function suspectsAmong(images: readonly InspectedImage[], classes: readonly ClassInfo[]): Suspects {
  const blank: Suspects['blank'] = [];
  const tiny: Suspects['tiny']['worst'] = [];
  const clashing: Suspects['clashing'] = [];
  const turned: Suspects['turned'] = [];
  for (const image of images) {
    if (!image.facts) continue;
    const { pixels, components, clash, orientation } = image.facts;
    const name = nameOf(image);
    if (pixels && isBlank(pixels, classes.length)) blank.push(name);
    const small = (components ?? []).reduce((sum, [, sizes]) => sum + tinyOnes(sizes), 0);
    if (small > 0) tiny.push({ ...name, components: small });
    if (clash) {
      const className = classes[image.files.coding.values[clash.value]!]!.name;
      clashing.push({ ...name, value: clash.value, className, looksLike: classes[clash.looksLike]!.name });
    }
    if (orientation !== 1) turned.push({ ...name, orientation });
  }
  const components = tiny.reduce((sum, each) => sum + each.components, 0);
  const worst = [...tiny].sort((a, b) => b.components - a.components).slice(0, WORST);
  return { blank, tiny: { below: TINY_BELOW, components, labels: tiny.length, worst }, clashing, turned };
}

function tinyOnes(sizes: SizeCounts): number {
  let count = 0;
  for (let at = 0; at < sizes.length && sizes[at]! < TINY_BELOW; at += 2) count += sizes[at + 1]!;
  return count;
}
