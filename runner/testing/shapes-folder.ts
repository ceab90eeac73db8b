import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDataset } from '../data/dataset.js';
import { encodePalettePng, encodeRgbPng } from '../data/images/png.js';
import { openDataset } from '../data/open.js';
import type { Subset } from '../tracking/tracker.js';

export interface ShapesFolder {
  /** The number of labelled training images. */
  images: number;
  /** Whether all pixels of the training image with this index (in the order of ids) are ignored. */
  ignored: (index: number) => boolean;
  /** The number of additional images without a label file; 0 by default. */
  unlabelled?: number;
}

/**
 * Writes the first scenes of the shapes dataset as a `folder` dataset, which any thread can open. It has two validation and
 * two test images.
 */
export async function shapesFolder({ images, ignored, unlabelled = 0 }: ShapesFolder): Promise<OpenDataset> {
  const shapes = await openDataset({ name: 'shapes', kind: 'shapes', directory: null });
  const directory = await mkdtemp(join(tmpdir(), 'crosscheck-shapes-'));
  const { classes, ignoreIndex } = shapes.descriptor;
  const named = classes.map((info, id) => ({ id, ...info }));
  await writeFile(join(directory, 'classes.json'), JSON.stringify({ classes: named, ignore_index: ignoreIndex }));
  const counts: Record<Subset, number> = { TRAIN: images, VAL: 2, TEST: 2 };
  for (const subset of ['TRAIN', 'VAL', 'TEST'] as const) {
    const folder = join(directory, subset.toLowerCase());
    for (const kind of ['images', 'labels']) await mkdir(join(folder, kind), { recursive: true });
    for (const [index, id] of shapes.ids(subset).slice(0, counts[subset]).entries()) {
      const { pixels, labels, width, height } = await shapes.load(subset, id);
      const shown = subset === 'TRAIN' && ignored(index) ? labels.map(() => ignoreIndex) : labels;
      await writeFile(join(folder, 'images', `${id}.png`), await encodeRgbPng(Uint8Array.from(pixels), width, height));
      const file = await encodePalettePng(shown, width, height, classes, ignoreIndex);
      await writeFile(join(folder, 'labels', `${id}.png`), file);
    }
  }
  if (unlabelled > 0) await mkdir(join(directory, 'unlabelled/images'), { recursive: true });
  for (const id of shapes.ids('TRAIN').slice(images, images + unlabelled)) {
    const { pixels, width, height } = await shapes.load('TRAIN', id);
    const file = await encodeRgbPng(Uint8Array.from(pixels), width, height);
    await writeFile(join(directory, 'unlabelled/images', `${id}.png`), file);
  }
  return openDataset({ name: 'few-shapes', kind: 'folder', directory });
}
