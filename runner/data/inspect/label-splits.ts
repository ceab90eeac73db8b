import type { ClassInfo } from '../dataset.js';
import { addUp, type ClassCounts } from '../images/class-counts.js';
import { coveringOrder } from '../splits/cover.js';
import { drawSplit, shuffledIds } from '../splits/splits.js';
import type { InspectedImage, Inspection } from './inspection.js';

/** The shares of labels that papers compare. */
const RATIOS = [1 / 16, 1 / 8, 1 / 4, 1 / 2];
const SEED = 0;

/**
 * What runs with the usual splits would have labels of, and how many labels a split that covers all classes needs. Null if a
 * training image has a problem, because its classes are not known.
 */
export function labelSplits(
  train: readonly InspectedImage[],
  classes: readonly ClassInfo[],
): Pick<Inspection, 'splits' | 'coveringLabels'> {
  if (train.length === 0) return { splits: [], coveringLabels: null };
  const countsById = new Map<string, ClassCounts>();
  for (const { id, facts } of train) if (facts) countsById.set(id, facts.pixels!);
  if (countsById.size < train.length) return { splits: null, coveringLabels: null };
  const ids = [...countsById.keys()];
  const splits = RATIOS.map((labelledRatio) => {
    const { labelled } = drawSplit(ids, labelledRatio, SEED);
    const { pixels, images } = addUp(
      labelled.map((id) => countsById.get(id)!),
      classes.length,
    );
    const held = classes.map(({ name }, index) => ({ name, images: images[index]!, pixels: pixels[index]! }));
    const missing = held.filter(({ images }) => images === 0).map(({ name }) => name);
    return { labelledRatio, seed: SEED, labelledImages: labelled.length, classes: held, missing };
  });
  const classesById = new Map([...countsById].map(([id, counts]) => [id, classesIn(counts, classes.length)]));
  const { needed } = coveringOrder(shuffledIds(ids, SEED), (id) => classesById.get(id)!);
  return { splits, coveringLabels: needed || null };
}

function classesIn(counts: ClassCounts, classCount: number): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at < counts.length; at += 2) if (counts[at]! < classCount) found.add(counts[at]!);
  return found;
}
