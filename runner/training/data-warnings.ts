import type { SplitConfig } from '../../schema/split-config.js';
import type { OpenDataset } from '../data/dataset.js';
import type { Split } from '../data/splits/splits.js';
import { listedClasses } from '../data/words.js';

/**
 * What looks wrong with the labelled images of a split, in one line each. What is wrong with the whole dataset is in its
 * descriptor.
 *
 * @throws Error if no pixel of these images has a class
 */
export async function splitWarnings(dataset: OpenDataset, { labelled }: Split, config: SplitConfig): Promise<string[]> {
  const { classes } = dataset.descriptor;
  const held = await classesIn(dataset, labelled);
  if (held.size === 0) {
    throw new Error(
      `no pixel of the ${labelled.length} labelled ${labelled.length === 1 ? 'image' : 'images'} has a class, so there is nothing ` +
        `to learn from (${labelled.slice(0, 5).join(', ')}); label other images`,
    );
  }
  if (held.size === classes.length) return [];
  const elsewhere = await classesIn(dataset, dataset.ids('TRAIN'));
  const missing = [...elsewhere].filter((index) => !held.has(index)).sort((a, b) => a - b);
  if (missing.length === 0) return [];
  const names = missing.map((index) => classes[index]!.name);
  return [
    `no labelled image of this split holds ${listedClasses(names)}, which other training labels do, so no network can learn ` +
      `them; ${adviceFor(config)}`,
  ];
}

/** A list is not drawn, so it has no seed. */
function adviceFor(config: SplitConfig): string {
  return 'labelledList' in config
    ? 'add images that hold them to split.labelledList'
    : 'set split.cover to true, label more images, or choose another split.seed';
}

async function classesIn(dataset: OpenDataset, ids: readonly string[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const id of ids) {
    const pixels = await dataset.classPixels(id);
    for (const index of dataset.descriptor.classes.keys()) if (pixels[index]! > 0) found.add(index);
  }
  return found;
}
