import type { ClassInfo } from '../../dataset.js';
import { type ChannelSums, sumLastChannel } from '../../images/normalisation.js';
import type { ImageFiles } from './image-files.js';
import { type DecodedFiles, type Decoding, decodeFiles, digestOf, readFiles } from './read-files.js';

/** What the check of an image has found. It can be stored as JSON. */
export interface ImageFacts {
  digest: string;
  width: number;
  height: number;
  /** Of a channel that is not a colour; null if all are colours. */
  sums: ChannelSums | null;
  /** The lowest and highest value of that channel. */
  range: [lowest: number, highest: number] | null;
  bits: 8 | 16;
  /** See PictureNotes. */
  orientation: number;
  /** See DecodedFiles. */
  isTurned: boolean;
  /** Pixels of each class and, last, ignored ones; null without a label. */
  pixels: number[] | null;
  /** The values that occur in the label file, ascending; null if it is in colour. */
  values: number[] | null;
  /** A value whose colour in the file's palette is that of another class. */
  clash: { value: number; looksLike: number } | null;
}

/** Reads, decodes and checks the files of an image. @throws FileProblem */
export async function factsOf(
  files: ImageFiles,
  decoding: Decoding,
  classes: readonly ClassInfo[],
): Promise<ImageFacts> {
  const bytes = await readFiles(files);
  const image = await decodeFiles(files, bytes, decoding, true);
  const { width, height, channels, pixels, labels, notes } = image;
  const { picture, isTurned } = notes;
  const isLabelled = files.label !== null && !isTurned;
  return {
    ...{ digest: digestOf(bytes), width, height, isTurned },
    ...{ bits: picture.bits, orientation: picture.orientation },
    sums: channels === 3 ? null : sumLastChannel(pixels, channels),
    range: channels === 3 ? null : rangeOfLast(image),
    pixels: isLabelled ? countPixels(labels, classes.length) : null,
    values: notes.values && [...notes.values.keys()].filter((value) => notes.values![value] === 1),
    clash: files.coding.paletteColours ? null : clashOf(image, files, classes),
  };
}

/** Pixels of each class and, last, of ignored ones. */
export function countPixels(labels: Uint8Array, classCount: number): number[] {
  const byValue = new Uint32Array(256);
  for (let at = 0; at < labels.length; at++) byValue[labels[at]!]!++;
  const counts = Array.from(byValue.subarray(0, classCount));
  return [...counts, labels.length - counts.reduce((sum, count) => sum + count, 0)];
}

function rangeOfLast({ pixels, channels }: DecodedFiles): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let at = channels - 1; at < pixels.length; at += channels) {
    const value = pixels[at]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

/**
 * Tools that "optimise" a palette change the values. The colours then say what the classes were. A colour of several values says
 * nothing: some tools leave palettes black.
 */
function clashOf({ notes }: DecodedFiles, files: ImageFiles, classes: readonly ClassInfo[]): ImageFacts['clash'] {
  const { palette, values } = notes;
  if (!palette || !values) return null;
  const colourOf = (value: number) => String(palette.subarray(value * 3, value * 3 + 3));
  for (let value = 0; value * 3 < palette.length; value++) {
    const own = values[value] === 1 ? classes[files.coding.values[value]!] : undefined;
    if (!own) continue;
    const colour = colourOf(value);
    const looksLike = classes.findIndex(({ color }) => String(color) === colour);
    if (looksLike < 0 || String(own.color) === colour) continue;
    const others = Array.from(
      { length: palette.length / 3 },
      (_, other) => other !== value && colourOf(other) === colour,
    );
    if (!others.includes(true)) return { value, looksLike };
  }
  return null;
}
