import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelledImage, OpenDataset } from '../../runner/data/dataset.js';
import { connected } from '../../runner/data/images/components.js';
import { encodePalettePng } from '../../runner/data/images/png.js';
import { type Random, randomStream } from '../../runner/random/random.js';

/** Larger ones are the road and the sky, and smaller ones nobody would look for. Shares of the image. */
const [SMALLEST, LARGEST] = [0.004, 0.1];

/** A component whose label was changed. The box is in pixels of the stored image; right and bottom are exclusive. */
export interface Corrupted {
  imageId: string;
  how: 'swapped' | 'erased';
  from: number;
  to: number;
  pixels: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Copies a folder dataset and changes the label of one component in each of some images: every other one becomes a random class
 * (swapped), and the others become the class that surrounds it most (erased).
 */
export async function copyWithCorruptedLabels(
  dataset: OpenDataset,
  ids: readonly string[],
  { directory, seed }: { directory: string; seed: number },
): Promise<Corrupted[]> {
  await cp(dataset.source.directory!, directory, { recursive: true });
  const { classes, ignoreIndex } = dataset.descriptor;
  const corrupted: Corrupted[] = [];
  for (const [i, id] of ids.entries()) {
    const image = await dataset.load('TRAIN', id);
    const random = randomStream(seed, 'corrupt', id);
    const changed = corrupt(image, i % 2 === 0 ? 'swapped' : 'erased', classes.length, random);
    if (!changed) continue;
    corrupted.push(changed);
    const png = await encodePalettePng(image.labels, image.width, image.height, classes, ignoreIndex);
    await writeFile(join(directory, 'train', 'labels', `${id}.png`), png);
  }
  return corrupted;
}

/** Changes the label of a random component of the image. Null if it has none of a suitable size. */
function corrupt(
  { id, labels, width, height }: LabelledImage,
  how: Corrupted['how'],
  classes: number,
  random: Random,
): Corrupted | null {
  const { components, indexOf } = connected(labels, width, height, classes);
  const suitable = [...components.entries()].filter(
    ([, { size }]) => size >= SMALLEST * labels.length && size <= LARGEST * labels.length,
  );
  if (suitable.length === 0) return null;
  const [index, { class: from, size, ...box }] = suitable[random.int(suitable.length)]!;
  const to =
    how === 'swapped' ? (from + 1 + random.int(classes - 1)) % classes : surrounding(labels, indexOf, index, width);
  if (to === null) return null;
  for (let i = 0; i < labels.length; i++) if (indexOf[i] === index) labels[i] = to;
  return { imageId: id, how, from, to, pixels: size, ...box };
}

/** The class of most pixels beside a component; null if there are none with a class. */
function surrounding(labels: Uint8Array, indexOf: Int32Array, index: number, width: number): number | null {
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    if (indexOf[i] !== index) continue;
    for (const beside of [i - 1, i + 1, i - width, i + width]) {
      const other = indexOf[beside];
      if (other === undefined || other < 0 || other === index) continue;
      counts.set(labels[beside]!, (counts.get(labels[beside]!) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
