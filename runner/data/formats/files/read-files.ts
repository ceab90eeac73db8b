import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LabelledImage } from '../../dataset.js';
import { type DecodedPixels, decodeOneChannel, decodeRgb } from '../../images/decode-image.js';
import type { Channels } from '../../images/pixels.js';
import { type Pixels, toSixteenBits } from '../../images/pixels.js';
import { decodeLabelPng } from '../../images/png-labels.js';
import { FileProblem, type ImageFiles } from './image-files.js';
import { type LabelValues, NO_CLASS } from './label-values.js';

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

/**
 * Decodes and checks the files of an image: they must have the same size, and all label values must be valid. Without a
 * label, every pixel is ignored.
 *
 * @throws FileProblem
 */
export async function decodeFiles(
  files: ImageFiles,
  bytes: FileBytes,
  { channels, ignoreIndex }: { channels: Channels; ignoreIndex: number },
): Promise<LabelledImage> {
  const decodeImage = channels === 1 ? decodeOneChannel : decodeRgb;
  const image = await naming(files.image, 'decoded', () => decodeImage(bytes.image));
  const { width, height } = image;
  const labels =
    files.label === null
      ? new Uint8Array(width * height).fill(ignoreIndex)
      : await decodeLabel(files.label, bytes.label!, files, image);
  if (files.thermal === null) return { id: files.id, width, height, channels, pixels: image.pixels, labels };

  const thermal = await naming(files.thermal, 'decoded', () => decodeOneChannel(bytes.thermal!));
  requireSize(files.thermal, thermal, files.image, image);
  return { id: files.id, width, height, channels, pixels: interleave(image.pixels, thermal.pixels), labels };
}

async function decodeLabel(
  file: string,
  bytes: Buffer,
  { image: imageFile, labelValues }: ImageFiles,
  image: DecodedPixels,
): Promise<Uint8Array> {
  const label = await naming(file, 'decoded', () => decodeLabelPng(bytes));
  requireSize(file, label, imageFile, image);
  return translate(file, label.labels, image.width, labelValues);
}

function requireSize(
  file: string,
  { width, height }: Pick<DecodedPixels, 'width' | 'height'>,
  imageFile: string,
  image: DecodedPixels,
): void {
  if (width === image.width && height === image.height) return;
  throw new FileProblem(`${file}: is ${width}x${height}, but its image ${imageFile} is ${image.width}x${image.height}`);
}

/** Converts the file's values in place to class indices and the dataset's ignore index. */
function translate(file: string, labels: Uint8Array, width: number, { meaning, allowed }: LabelValues): Uint8Array {
  for (let at = 0; at < labels.length; at++) {
    const value = meaning[labels[at]!]!;
    if (value === NO_CLASS) {
      const position = `x ${at % width}, y ${Math.floor(at / width)}`;
      throw new FileProblem(`${file}: value ${labels[at]} at ${position} is not a valid class; allowed: ${allowed}`);
    }
    labels[at] = value;
  }
  return labels;
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
