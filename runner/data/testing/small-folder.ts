import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClassInfo } from '../dataset.js';
import { encodePalettePng, encodeRgbPng } from '../images/png.js';

export const SMALL_CLASSES: ClassInfo[] = [
  { name: 'ground', color: [10, 20, 30] },
  { name: 'thing', color: [200, 100, 50] },
];
export const SMALL_IGNORE = 200;
export const SMALL_WIDTH = 6;
export const SMALL_HEIGHT = 4;

/** Creates a valid folder dataset in a temporary folder, with images a and b in each subset. Tests then damage it. */
export async function makeSmallFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-folder-'));
  const classes = SMALL_CLASSES.map((info, id) => ({ id, ...info }));
  await writeFile(join(root, 'classes.json'), JSON.stringify({ classes, ignore_index: SMALL_IGNORE }));
  for (const subset of ['train', 'val', 'test']) {
    for (const kind of ['images', 'labels']) await mkdir(join(root, subset, kind), { recursive: true });
    for (const id of ['a', 'b']) {
      await writeFile(join(root, subset, 'images', `${id}.png`), await smallImage());
      await writeFile(join(root, subset, 'labels', `${id}.png`), await smallLabels());
    }
  }
  return root;
}

export function smallImage(): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: SMALL_WIDTH * SMALL_HEIGHT * 3 }, (_, i) => (i * 37) % 256);
  return encodeRgbPng(pixels, SMALL_WIDTH, SMALL_HEIGHT);
}

/** The first pixel is ignored. The others alternate between the two classes. */
export function smallLabels(width = SMALL_WIDTH, height = SMALL_HEIGHT): Promise<Uint8Array> {
  const labels = Uint8Array.from({ length: width * height }, (_, i) => (i === 0 ? SMALL_IGNORE : i % 2));
  return encodePalettePng(labels, width, height, SMALL_CLASSES, SMALL_IGNORE);
}
