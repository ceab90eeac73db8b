import sharp, { type Sharp } from 'sharp';
import type { OpenDataset } from '../dataset.js';
import { detectKind } from '../formats/layouts.js';
import { openDataset } from '../open.js';
import { writeFiles } from './sample-scenes.js';

const WIDTH = 4;
const HEIGHT = 3;
const PIXELS = WIDTH * HEIGHT;

/** A colour picture, to be encoded in some format. */
export function picture(width = WIDTH, height = HEIGHT): Sharp {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 21) % 256);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A gray picture with these values, repeated. */
export function gray(values: readonly number[], width = WIDTH, height = HEIGHT): Sharp {
  const labels = Uint8Array.from({ length: width * height }, (_, at) => values[at % values.length]!);
  return sharp(labels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}

/** A colour picture with these colours, repeated. */
export function colours(all: readonly (readonly number[])[]): Sharp {
  const rgb = Uint8Array.from({ length: PIXELS * 3 }, (_, at) => all[Math.floor(at / 3) % all.length]![at % 3]!);
  return sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

/** The content of a file. A picture without a format becomes a PNG file. */
export type Content = string | Uint8Array | Sharp;

/** Writes files by their paths, in a new temporary folder. */
export async function written(files: Readonly<Record<string, Content>>): Promise<string> {
  const bytes: Record<string, string | Uint8Array> = {};
  for (const [path, content] of Object.entries(files)) {
    const isFile = typeof content === 'string' || content instanceof Uint8Array;
    bytes[path] = isFile ? content : await content.png().toBuffer();
  }
  return writeFiles(bytes);
}

export const TWO_CLASSES = JSON.stringify({ classes: [{ name: 'ground' }, { name: 'rust' }] });

/** A folder dataset of the classes "ground" and "rust" with the images a and b in train and c in val. */
export function smallFiles(): Record<string, Content> {
  return {
    'classes.json': TWO_CLASSES,
    'train/images/a.png': picture(),
    'train/images/b.png': picture(),
    'train/labels/a.png': gray([0, 1]),
    'train/labels/b.png': gray([1, 0]),
    'val/images/c.png': picture(),
    'val/labels/c.png': gray([0, 0, 1]),
  };
}

/** Opens a folder as `--data DIR` does. */
export async function openDetected(directory: string): Promise<OpenDataset> {
  return openDataset({ name: 'data', kind: detectKind(directory), directory });
}
