import type { DecodedLabel } from '../../images/decoded-label.js';
import { packed } from './label-coding.js';

/** A message with more classes is hard to read. */
export const MOST_CLASSES = 20;
/** As many classes as a dataset can have. */
const MOST_COLOURS = 255;
/** Stripes of a few classes may look like steps. */
const FEWEST_STEPS = 8;
/** Of the places where neighbours differ, how many are steps if edges are blurred. With one step at each edge, it is half. */
const STEPS_OF_BLUR = 0.4;

const WHITE = 0xffffff;

const BLURRED =
  'blurred by scaling, antialiasing or lossy compression; scale labels with nearest neighbour, and save them as PNG';

/** The pixels of labels, as far as an example of classes needs them. */
export interface Occurring {
  values: Set<number>;
  /** Packed colours of labels in colour, at most one more than a dataset can have classes. */
  colours: Set<number>;
  /** Pixels that differ from their left neighbour. */
  edges: number;
  /** Those of them that are between their neighbours on the left and on the right. */
  steps: number;
}

/** Adds the pixels of labels. */
export function occurringIn(labels: readonly DecodedLabel[]): Occurring {
  const found: Occurring = { values: new Set(), colours: new Set(), edges: 0, steps: 0 };
  for (const label of labels) {
    const isColour = label.kind === 'colours';
    if (isColour) addColours(label.rgb, found.colours);
    else for (const value of label.labels) found.values.add(value);
    addEdges(isColour ? label.rgb : label.labels, isColour ? 3 : 1, label.width, found);
  }
  return found;
}

function addColours(rgb: Uint8Array, colours: Set<number>): void {
  // Neighbours mostly have the same colour, and a photograph has thousands.
  let last = -1;
  for (let at = 0; at < rgb.length && colours.size <= MOST_COLOURS; at += 3) {
    const colour = packed(rgb[at]!, rgb[at + 1]!, rgb[at + 2]!);
    if (colour !== last) colours.add(colour);
    last = colour;
  }
}

function addEdges(pixels: Uint8Array, channels: 1 | 3, width: number, found: Occurring): void {
  for (let pixel = 1; pixel * channels < pixels.length; pixel++) {
    const x = pixel % width;
    if (x === 0) continue;
    let differs = false;
    let isBetween = x < width - 1;
    for (let at = pixel * channels; at < (pixel + 1) * channels; at++) {
      const [left, own, right] = [pixels[at - channels]!, pixels[at]!, pixels[at + channels]!];
      differs ||= left !== own;
      isBetween &&= (left < own && own < right) || (left > own && own > right) || (left === own && own === right);
    }
    if (differs) found.edges += 1;
    if (differs && isBetween) found.steps += 1;
  }
}

/** Says that the edges of labels are blurred, or that they are photographs; null if they may be labels. It begins with how many values or colours there are. */
export function blurIn({ values, colours, edges, steps }: Occurring): string | null {
  const count = Math.max(values.size, colours.size);
  if (count <= MOST_COLOURS && (count <= FEWEST_STEPS || steps <= edges * STEPS_OF_BLUR)) return null;
  const what = colours.size > 0 ? 'colours' : 'values';
  return count > MOST_COLOURS
    ? `more than ${MOST_COLOURS} ${what}, as photographs have, or labels whose edges were ${BLURRED}`
    : `${count} ${what} that change in small steps, so their edges are probably ${BLURRED}`;
}

/** A `classes.json` for labels in these colours. */
export function classesOfColours(colours: ReadonlySet<number>): string {
  const all = [...colours].map((colour, index) => coloured(`class ${index}`, colour));
  const other = colours.has(0) ? WHITE : 0;
  return classesJson(all.length < 2 ? [...all, coloured('other', other)] : all);
}

function coloured(name: string, colour: number): string {
  const rgb = [colour >> 16, (colour >> 8) & 255, colour & 255];
  return `{"name": "${name}", "color": [${rgb.join(', ')}]}`;
}

/** The text of a `classes.json`. */
export function classesJson(classes: readonly string[], rest?: string): string {
  const listed = classes.slice(0, MOST_CLASSES).join(', ') + (classes.length > MOST_CLASSES ? ', …' : '');
  return `{"classes": [${listed}]${rest ? `, ${rest}` : ''}}`;
}
