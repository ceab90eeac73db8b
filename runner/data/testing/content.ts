import type { OpenDataset } from '../dataset.js';
import { SUBSETS } from '../formats/files/image-files.js';

/**
 * Everything of a dataset that training reads, to compare two datasets.
 * @param nameOf what to call an image; by default, its id
 */
export async function contentOf(
  dataset: OpenDataset,
  nameOf: (id: string) => string = (id) => id,
): Promise<Record<string, unknown>> {
  const { classes, ignoreIndex, channels, normalisation, subsets } = dataset.descriptor;
  const content: Record<string, unknown> = { classes, ignoreIndex, channels, normalisation, subsets };
  for (const subset of SUBSETS) {
    for (const id of [...dataset.ids(subset), ...(subset === 'TRAIN' ? dataset.unlabelledIds : [])]) {
      const { width, height, pixels, labels } = await dataset.load(subset, id);
      content[`${subset} ${nameOf(id)}`] = { width, height, pixels, labels };
    }
  }
  return { ...content, unlabelled: dataset.unlabelledIds.map(nameOf).sort() };
}
