import { createHash } from 'node:crypto';
import type { ClassInfo, Fit } from '../../dataset.js';
import { type ClassCounts, countPixels } from '../../images/class-counts.js';
import { componentSizes, type SizeCounts } from '../../images/components.js';
import { type ChannelSums, sumLastChannel } from '../../images/normalisation.js';
import { perceptualHash } from '../../images/perceptual-hash.js';
import { type ValueRange, valueRanges } from '../../images/value-ranges.js';
import type { ImageFiles } from './image-files.js';
import { packed } from './label-coding.js';
import { type DecodedFiles, type Decoding, decodeFitting, digestOf, readFiles } from './read-files.js';

/** What the check of an image has found. It can be stored as JSON. */
export interface ImageFacts {
  digest: string;
  /** Equal for labels with the same pixels, whatever their files are; null without a label. */
  labelDigest: string | null;
  /** Those of the turned picture if the label fits only that. */
  width: number;
  height: number;
  /** Of a channel that is not a colour; null if all are colours. */
  sums: ChannelSums | null;
  /** Of each channel. */
  ranges: ValueRange[];
  bits: 8 | 16;
  /** The channels in the image file, with transparency. */
  storedChannels: number;
  /** See perceptualHash. */
  hash: string;
  /** See PictureNotes. */
  orientation: number;
  fits: Fit;
  /** Null without a label. */
  pixels: ClassCounts | null;
  /** Of each class that the label holds, by its index; null without a label. */
  components: [index: number, sizes: SizeCounts][] | null;
  /** The values that occur in the label file, ascending; null if it is in colour. */
  values: number[] | null;
  /** A value whose colour in the file's palette is that of another class. */
  clash: { value: number; looksLike: number } | null;
}

/** Reads, decodes and checks the files of an image. @throws FileProblem */
export async function factsOf(
  files: ImageFiles,
  decoding: Omit<Decoding, 'upright'>,
  classes: readonly ClassInfo[],
): Promise<ImageFacts> {
  const bytes = await readFiles(files);
  const image = await decodeFitting(files, bytes, decoding);
  const { width, height, channels, pixels, labels, notes, fits } = image;
  const isLabelled = files.label !== null;
  return {
    ...{ digest: digestOf(bytes), labelDigest: isLabelled ? digestOfLabels(image) : null, width, height, fits },
    ...{ bits: pixels instanceof Uint16Array ? 16 : 8, ...notes.picture, hash: perceptualHash(image) },
    sums: channels === 3 ? null : sumLastChannel(pixels, channels),
    ranges: valueRanges(pixels, channels),
    pixels: isLabelled ? countPixels(labels, classes.length) : null,
    components: isLabelled ? componentsIn(image, classes.length) : null,
    values: notes.values && [...notes.values.keys()].filter((value) => notes.values![value] === 1),
    clash: files.coding.paletteColours ? null : clashOf(image, files, classes),
  };
}

function componentsIn({ labels, width, height }: DecodedFiles, classCount: number): ImageFacts['components'] {
  const byClass = componentSizes(labels, width, height, classCount);
  return [...byClass.entries()].filter(([, sizes]) => sizes.length > 0);
}

function digestOfLabels({ labels, width }: DecodedFiles): string {
  return createHash('sha256').update(`${width} `).update(labels).digest('hex');
}

/**
 * Tools that "optimise" a palette change the values. The colours then say what the classes were, if the dataset lists the colours
 * of its classes. A colour of several values says nothing: some tools leave palettes black.
 */
function clashOf({ notes }: DecodedFiles, files: ImageFiles, classes: readonly ClassInfo[]): ImageFacts['clash'] {
  const { palette, values } = notes;
  if (!palette || !values) return null;
  const colourOf = (value: number) => String(palette.subarray(value * 3, value * 3 + 3));
  for (let value = 0; value * 3 < palette.length; value++) {
    const own = files.coding.values[value]!;
    if (values[value] !== 1 || !classes[own]) continue;
    const colour = colourOf(value);
    const [red, green, blue] = palette.subarray(value * 3, value * 3 + 3);
    const looksLike = files.coding.colours.get(packed(red!, green!, blue!));
    if (looksLike === undefined || !classes[looksLike] || looksLike === own) continue;
    const others = Array.from(
      { length: palette.length / 3 },
      (_, other) => other !== value && colourOf(other) === colour,
    );
    if (!others.includes(true)) return { value, looksLike };
  }
  return null;
}
