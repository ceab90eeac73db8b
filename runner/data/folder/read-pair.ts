import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { LabelledImage } from '../dataset.js';
import { decodeLabelPng } from '../png-labels.js';
import type { FilePair } from './scan.js';

/** A problem of one file, its path included in the message. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

/**
 * Decodes an image and its label and checks them: same size, and only values that are a class or the ignore index.
 * The image's orientation tag is not applied, since the label belongs to the pixels as they are stored.
 *
 * @throws FileProblem
 */
export async function readPair(pair: FilePair, classCount: number, ignoreIndex: number): Promise<LabelledImage> {
  const image = await naming(pair.image, () => decodeImage(pair.image));
  const label = await naming(pair.label, async () => decodeLabelPng(await readFile(pair.label)));
  if (label.width !== image.width || label.height !== image.height) {
    throw new FileProblem(
      `${pair.label}: is ${label.width}x${label.height}, its image ${pair.image} is ${image.width}x${image.height}`,
    );
  }
  const bad = label.labels.findIndex((value) => value >= classCount && value !== ignoreIndex);
  if (bad >= 0) {
    const position = `x ${bad % label.width}, y ${Math.floor(bad / label.width)}`;
    throw new FileProblem(
      `${pair.label}: value ${label.labels[bad]} at ${position} is no class; allowed: 0 to ${classCount - 1}, and ${ignoreIndex} to ignore`,
    );
  }
  return { id: pair.id, width: image.width, height: image.height, pixels: image.pixels, labels: label.labels };
}

async function decodeImage(file: string): Promise<{ pixels: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file, { failOn: 'warning' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`has ${info.channels} channels after conversion to RGB; expected 3`);
  // A copy of its own: the buffer may be a window into a larger one that would stay alive with it.
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}

async function naming<T>(file: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    throw new FileProblem(`${file}: cannot be decoded: ${(error as Error).message}`, { cause: error });
  }
}
