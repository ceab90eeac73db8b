import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LabelledImage } from '../../dataset.js';
import { type DecodedPixels, decodeImage, type PictureNotes } from '../../images/decode-image.js';
import { decodeLabel } from '../../images/decode-label.js';
import type { Channels } from '../../images/pixels.js';
import { type Pixels, toSixteenBits } from '../../images/pixels.js';
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
    /** Those of the image file. */
    picture: PictureNotes;
    /** Red, green and blue of each value of the label file, if it has a palette. */
    palette: Uint8Array | null;
    /** Whether a label value occurs, by value; null for a label in colour, and without a label. */
    values: Uint8Array | null;
    /** Whether the label has the size of the picture turned by its tag, and not of the stored one. The labels are then not read. */
    isTurned: boolean;
  };
}

/**
 * Decodes and checks the files of an image: they must have the same size, and all label values must be valid. Without a
 * label, every pixel is ignored.
 *
 * @param mayBeTurned whether the label may have the size of the turned picture, although orientation is not applied
 * @throws FileProblem
 */
export async function decodeFiles(
  files: ImageFiles,
  bytes: FileBytes,
  { channels, ignoreIndex, upright }: Decoding,
  mayBeTurned = false,
): Promise<DecodedFiles> {
  const isSeparate = files.thermal !== null;
  const own = isSeparate ? 3 : channels;
  const image = await naming(files.image, 'decoded', () => decodeImage(bytes.image, own, upright));
  const { width, height, orientation, storedChannels } = image;
  const label = files.label === null ? null : await naming(files.label, 'decoded', () => decodeLabel(bytes.label!));
  const isTurned = mayBeTurned && label !== null && fitsTurned(image, label);
  if (label && !isTurned) requireSize(files.label!, label, files.image, image);
  const values = label?.kind === 'values' ? occurring(label.labels) : null;
  const notes = {
    picture: { orientation, storedChannels },
    palette: label?.kind === 'values' ? label.palette : null,
    values,
    isTurned,
  };
  const labels =
    label === null || isTurned
      ? new Uint8Array(width * height).fill(ignoreIndex)
      : translate(files.label!, label, files.coding, values);
  const base = { id: files.id, width, height, channels, labels, notes };
  if (!isSeparate) return { ...base, pixels: image.pixels };

  const thermal = await naming(files.thermal!, 'decoded', () => decodeImage(bytes.thermal!, 1, upright));
  requireSize(files.thermal!, thermal, files.image, image);
  return { ...base, pixels: interleave(image.pixels, thermal.pixels) };
}

/** Orientations from 5 on swap width and height. */
function fitsTurned({ width, height, orientation }: DecodedPixels, label: Size): boolean {
  return orientation >= 5 && width !== height && label.width === height && label.height === width;
}

type Size = Pick<DecodedPixels, 'width' | 'height'>;

function requireSize(file: string, { width, height }: Size, imageFile: string, image: Size): void {
  if (width === image.width && height === image.height) return;
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
