import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Fit, LabelledImage } from '../../dataset.js';
import { type DecodedPixels, decodeImage, type PictureNotes } from '../../images/decode-image.js';
import { decodeLabel } from '../../images/decode-label.js';
import type { DecodedLabel } from '../../images/decoded-label.js';
import { type Channels, type Pixels, toSixteenBits } from '../../images/pixels.js';
import { FileProblem, type ImageFiles } from './image-files.js';
import { occurring, translate } from './translate.js';

/** The content of an image's files. */
export interface FileBytes {
  image: Buffer;
  thermal: Buffer | null;
  label: Buffer | null;
}

/** @throws FileProblem */
export async function readFiles({ image, thermal, label }: ImageFiles): Promise<FileBytes> {
  const read = (file: string) => naming(file, 'read', () => readFile(file));
  const readAny = async (file: string | null) => (file === null ? null : read(file));
  return { image: await read(image), thermal: await readAny(thermal), label: await readAny(label) };
}

/** The SHA-256 (hex) of the image, label and thermal files, without missing ones. It depends only on their content. */
export function digestOf({ image, label, thermal }: FileBytes): string {
  const files = [image, label, thermal].filter((bytes) => bytes !== null);
  return files.map((bytes) => createHash('sha256').update(bytes).digest('hex')).join(' ');
}

/** How the files of a dataset are decoded. */
export interface Decoding {
  channels: Channels;
  ignoreIndex: number;
  /** Whether pictures are turned as their orientation tag says, because the labels were made on turned pictures. */
  upright: boolean;
}

/** An image, and what its files say besides. */
export interface DecodedFiles extends LabelledImage {
  notes: {
    /** Those of the image file. The tag is that of the thermal image, if only that has one. */
    picture: PictureNotes;
    /** Red, green and blue of each value of the label file, if it has a palette. */
    palette: Uint8Array | null;
    /** Whether a label value occurs, by value; null for a label in colour, and without a label. */
    values: Uint8Array | null;
  };
}

/**
 * Decodes and checks the files of an image: they must have the same size, and all label values must be valid. Without a
 * label, every pixel is ignored.
 *
 * @throws FileProblem
 */
export async function decodeFiles(files: ImageFiles, bytes: FileBytes, decoding: Decoding): Promise<DecodedFiles> {
  return combine(files, await decodeParts(files, bytes, decoding), decoding);
}

/**
 * Like `decodeFiles`, for reading an image before it is known whether a run will turn it: as stored or, if its label fits only the
 * turned picture, turned.
 *
 * @throws FileProblem also if the label fits neither
 */
export async function decodeFitting(
  files: ImageFiles,
  bytes: FileBytes,
  how: Omit<Decoding, 'upright'>,
): Promise<DecodedFiles & { fits: Fit }> {
  const stored = await decodeParts(files, bytes, { ...how, upright: false });
  const isStored = fitTogether(stored, ({ width, height }) => ({ width, height }));
  const isTurned = fitTogether(stored, turned);
  // If neither fits, this says so.
  if (isStored || !isTurned) return { ...combine(files, stored, how), fits: isTurned ? 'both' : 'stored' };
  return { ...combine(files, await decodeParts(files, bytes, { ...how, upright: true }), how), fits: 'turned' };
}

interface Parts {
  image: DecodedPixels;
  label: DecodedLabel | null;
  thermal: DecodedPixels | null;
}

async function decodeParts(
  files: ImageFiles,
  bytes: FileBytes,
  { channels, upright }: Pick<Decoding, 'channels' | 'upright'>,
): Promise<Parts> {
  const { image, label, thermal } = files;
  const own = thermal === null ? channels : 3;
  return {
    image: await naming(image, 'decoded', () => decodeImage(bytes.image, own, upright)),
    label: label === null ? null : await naming(label, 'decoded', () => decodeLabel(bytes.label!)),
    thermal: thermal === null ? null : await naming(thermal, 'decoded', () => decodeImage(bytes.thermal!, 1, upright)),
  };
}

/** The size of a picture when it is turned as its tag says: from 5 on, orientations swap width and height. */
function turned({ width, height, orientation }: DecodedPixels): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Whether all parts have the same size, if pictures have those of `sizeOf`. */
function fitTogether({ image, label, thermal }: Parts, sizeOf: (picture: DecodedPixels) => Size): boolean {
  const size = sizeOf(image);
  return [label, thermal && sizeOf(thermal)].every((part) => part === null || isSame(part, size));
}

function combine(
  files: ImageFiles,
  { image, label, thermal }: Parts,
  { channels, ignoreIndex }: Pick<Decoding, 'channels' | 'ignoreIndex'>,
): DecodedFiles {
  const { width, height, storedChannels } = image;
  if (label) requireSize(files.label!, label, files.image, image);
  if (thermal) requireSize(files.thermal!, thermal, files.image, image);
  const values = label?.kind === 'values' ? occurring(label.labels) : null;
  const orientation = image.orientation === 1 && thermal ? thermal.orientation : image.orientation;
  const notes = {
    picture: { orientation, storedChannels },
    palette: label?.kind === 'values' ? label.palette : null,
    values,
  };
  const labels =
    label === null
      ? new Uint8Array(width * height).fill(ignoreIndex)
      : translate(files.label!, label, files.coding, values);
  const pixels = thermal ? interleave(image.pixels, thermal.pixels) : image.pixels;
  return { id: files.id, width, height, channels, labels, notes, pixels };
}

type Size = Pick<DecodedPixels, 'width' | 'height'>;

const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

function requireSize(file: string, { width, height }: Size, imageFile: string, image: Size): void {
  if (isSame({ width, height }, image)) return;
  throw new FileProblem(`${file}: is ${width}x${height}, but its image ${imageFile} is ${image.width}x${image.height}`);
}

/** Combines RGB and thermal into four channels. Uses 16 bits if either has 16 bits. */
function interleave(rgb: Pixels, thermal: Pixels): Pixels {
  const deep = rgb instanceof Uint16Array || thermal instanceof Uint16Array;
  const [colours, heat] = deep ? [toSixteenBits(rgb), toSixteenBits(thermal)] : [rgb, thermal];
  const pixels = deep ? new Uint16Array(heat.length * 4) : new Uint8Array(heat.length * 4);
  for (let pixel = 0; pixel < heat.length; pixel++) {
    for (let c = 0; c < 3; c++) pixels[pixel * 4 + c] = colours[pixel * 3 + c]!;
    pixels[pixel * 4 + 3] = heat[pixel]!;
  }
  return pixels;
}

async function naming<T>(file: string, done: 'read' | 'decoded', work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FileProblem(`${file}: cannot be ${done}: ${(error as Error).message}`, { cause: error });
  }
}
