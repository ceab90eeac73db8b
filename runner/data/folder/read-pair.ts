import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { LabelledImage } from '../dataset.js';
import { decodeLabelPng } from '../png-labels.js';
import type { FilePair } from './scan.js';

/** A problem of one file, its path included in the message. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

/** The two files of a pair as they are. */
export interface PairBytes {
  image: Buffer;
  label: Buffer;
}

/** @throws FileProblem */
export async function readPair(pair: FilePair): Promise<PairBytes> {
  const read = (file: string) => naming(file, 'read', () => readFile(file));
  return { image: await read(pair.image), label: await read(pair.label) };
}

/** SHA-256 (hex) of each file, the image's first: the same for the same bytes, wherever they lie. */
export function digestOf({ image, label }: PairBytes): string {
  return [image, label].map((bytes) => createHash('sha256').update(bytes).digest('hex')).join(' ');
}

/**
 * Decodes an image and its label and checks them: same size, and only values that are a class or the ignore index.
 * The image's orientation tag is not applied, since the label belongs to the pixels as they are stored.
 *
 * @throws FileProblem
 */
export async function decodePair(
  pair: FilePair,
  bytes: PairBytes,
  classCount: number,
  ignoreIndex: number,
): Promise<LabelledImage> {
  const image = await naming(pair.image, 'decoded', () => decodeImage(bytes.image));
  const label = await naming(pair.label, 'decoded', () => decodeLabelPng(bytes.label));
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

async function decodeImage(file: Buffer): Promise<{ pixels: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file, { failOn: 'warning' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`has ${info.channels} channels after conversion to RGB; expected 3`);
  // A copy of its own: the buffer may be a window into a larger one that would stay alive with it.
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}

async function naming<T>(file: string, done: 'read' | 'decoded', work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FileProblem(`${file}: cannot be ${done}: ${(error as Error).message}`, { cause: error });
  }
}
