import type { Random } from '../../random/random.js';
import { componentsOf } from '../images/components.js';
import { IGNORE_LABEL } from '../images/ignore-label.js';

/** The part of a side of an object that its box has more on each side, and the least margin, as a part of the crop's side. */
const MARGIN = 0.5;
const LEAST_MARGIN = 1 / 16;

/**
 * Replaces the labels (height x width) of a crop that are not pasted by 255. `mask` keeps the pixels of the class, `box` everything
 * in a box around one of its objects (connected components), with half of the object's sides as margin. If the crop does not
 * show the class, nothing is kept.
 */
export function rareRegion(
  labels: Uint8Array,
  { width, height }: { width: number; height: number },
  { index, region, random }: { index: number; region: 'box' | 'mask'; random: Random },
): void {
  if (region === 'mask') {
    for (const [at, label] of labels.entries()) if (label !== index) labels[at] = IGNORE_LABEL;
    return;
  }
  const objects = componentsOf(labels, width, height, IGNORE_LABEL).filter((each) => each.class === index);
  const object = objects[random.int(objects.length)];
  if (!object) {
    labels.fill(IGNORE_LABEL);
    return;
  }
  const [left, right] = grown(object.left, object.right, width);
  const [top, bottom] = grown(object.top, object.bottom, height);
  for (const at of labels.keys()) {
    const [y, x] = [Math.floor(at / width), at % width];
    if (y < top || y >= bottom || x < left || x >= right) labels[at] = IGNORE_LABEL;
  }
}

/** A range [from, to) with its margins, inside [0, side). */
function grown(from: number, to: number, side: number): [from: number, to: number] {
  const margin = Math.round(Math.max(MARGIN * (to - from), LEAST_MARGIN * side));
  return [Math.max(0, from - margin), Math.min(side, to + margin)];
}
