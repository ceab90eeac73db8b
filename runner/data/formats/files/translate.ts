import type { DecodedLabel } from '../../images/decoded-label.js';
import { blurIn, classesOfColours, occurringIn } from './example-labels.js';
import { FileProblem } from './image-files.js';
import { type LabelCoding, NO_CLASS, packed } from './label-coding.js';

/** Whether each value occurs in the pixels of a label, by value. */
export function occurring(labels: Uint8Array): Uint8Array {
  const values = new Uint8Array(256);
  for (let at = 0; at < labels.length; at++) values[labels[at]!] = 1;
  return values;
}

/**
 * Converts the pixels of a label file to class indices and the dataset's ignore index. Values are converted in place.
 *
 * @param values those that occur, if they are known; null for a label in colour
 * @throws FileProblem for the first pixel that has no meaning, with its position
 */
export function translate(
  file: string,
  label: DecodedLabel,
  coding: LabelCoding,
  values = label.kind === 'values' ? occurring(label.labels) : null,
): Uint8Array {
  if (label.kind === 'colours') return translateColours(file, label, coding);
  if (coding.paletteColours && label.palette !== null) {
    const meanings = ofPalette(label.palette, coding);
    return translateValues(file, label, values!, meanings, 'a colour that the dataset lists');
  }
  return translateValues(file, label, values!, coding.values, coding.allowed);
}

function translateValues(
  file: string,
  { labels, width }: { labels: Uint8Array; width: number },
  occurs: Uint8Array,
  meanings: Int16Array,
  allowed: string,
): Uint8Array {
  // Most labels hold class indices.
  if (occurs.every((is, value) => is === 0 || meanings[value] === value)) return labels;
  for (let at = 0; at < labels.length; at++) {
    const meaning = meanings[labels[at]!]!;
    if (meaning === NO_CLASS) {
      throw new FileProblem(
        `${file}: value ${labels[at]} at ${position(at, width)} is not a valid class; allowed: ${allowed}`,
      );
    }
    labels[at] = meaning;
  }
  return labels;
}

/** The meaning of each value of a palette by its colour. */
function ofPalette(palette: Uint8Array, { colours }: LabelCoding): Int16Array {
  const values = new Int16Array(256).fill(NO_CLASS);
  for (let value = 0; value * 3 < palette.length; value++) {
    const [red, green, blue] = palette.subarray(value * 3, value * 3 + 3);
    values[value] = colours.get(packed(red!, green!, blue!)) ?? NO_CLASS;
  }
  return values;
}

function translateColours(file: string, label: DecodedLabel & { kind: 'colours' }, coding: LabelCoding): Uint8Array {
  const { rgb, width, height } = label;
  const { colours } = coding;
  const labels = new Uint8Array(width * height);
  // Neighbours mostly have the same colour.
  let last = -1;
  let meaning = 0;
  for (let at = 0; at < labels.length; at++) {
    const colour = packed(rgb[at * 3]!, rgb[at * 3 + 1]!, rgb[at * 3 + 2]!);
    if (colour !== last) {
      const known = colours.get(colour);
      if (known === undefined) throw new FileProblem(`${file}: ${strangeColour(label, at, coding)}`);
      [last, meaning] = [colour, known];
    }
    labels[at] = meaning;
  }
  return labels;
}

/** What is wrong with a colour, and what to do. */
function strangeColour(label: DecodedLabel & { kind: 'colours' }, at: number, coding: LabelCoding): string {
  const { rgb, width } = label;
  const { colours, shared, paletteColours } = coding;
  const [red, green, blue] = rgb.subarray(at * 3, at * 3 + 3);
  const where = `colour (${red}, ${green}, ${blue}) at ${position(at, width)}`;
  if (shared.has(packed(red!, green!, blue!)))
    return `${where} is that of several classes, so it says nothing; give each class its own colour`;
  const isGray = rgb.every((value, i) => value === rgb[i - (i % 3)]);
  if (!isGray && colours.size === 0 && shared.size === 0) return withoutColours(label);
  const list = paletteColours ? 'labelmap.txt' : 'classes.json';
  const listed = paletteColours ? 'of labelmap.txt' : 'of the classes, or ignore_color';
  const advice = isGray
    ? `the label is a colour picture in shades of gray: if they are class indices, save it as grayscale; if they are the colours of classes, write them in ${list}`
    : `labels in colour must have exactly the colours ${listed}, without blurred edges`;
  return `${where} is not that of a class; ${advice}`;
}

function withoutColours(label: DecodedLabel): string {
  const found = occurringIn([label]);
  const blur = blurIn(found);
  return blur
    ? `is in colour, with ${blur}`
    : 'is in colour, but the dataset does not list the colours of its classes; write them in classes.json, with your names, such as ' +
        classesOfColours(found.colours);
}

const position = (at: number, width: number): string => `x ${at % width}, y ${Math.floor(at / width)}`;
