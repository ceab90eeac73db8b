import type { ClassInfo } from '../dataset.js';
import { drawSplit } from '../splits/splits.js';
import type { InspectedImage, SplitReport } from './inspection.js';

/** The shares of labels that papers compare. */
const RATIOS = [1 / 16, 1 / 8, 1 / 4, 1 / 2];
const SEED = 0;

/** What runs with the usual splits would have labels of. Empty without training labels. */
export function labelSplits(train: readonly InspectedImage[], classes: readonly ClassInfo[]): SplitReport[] {
  if (train.length === 0) return [];
  const factsById = new Map(train.map(({ id, facts }) => [id, facts]));
  const ids = [...factsById.keys()];
  return RATIOS.map((labelledRatio) => {
    const { labelled } = drawSplit(ids, labelledRatio, SEED);
    const pixels = labelled.flatMap((id) => (factsById.get(id)?.pixels ? [factsById.get(id)!.pixels!] : []));
    const held = classes.map(({ name }, index) => ({
      name,
      images: pixels.filter((counts) => counts[index]! > 0).length,
      pixels: pixels.reduce((sum, counts) => sum + counts[index]!, 0),
    }));
    const missing = held.filter(({ images }) => images === 0).map(({ name }) => name);
    return { labelledRatio, seed: SEED, labelledImages: labelled.length, classes: held, missing };
  });
}
