import { type DatasetFacts, MOST_SIZES, MOST_SPLITS } from '../../../schema/dataset-facts.js';
import type { Inspection } from './inspection.js';

/** What the server stores of an inspection. */
export function datasetFacts({ parts, splits, duplicates, nearDuplicates }: Inspection): DatasetFacts {
  return {
    parts: parts.map(({ part, images, sizes, bits, classes, ignoredPixels }) => ({
      ...{ part, images, ignoredPixels },
      sizes: sizes.slice(0, MOST_SIZES),
      bits: bits.map((each) => each.bits as 8 | 16),
      classes: classes.map(({ pixels, images, components }) => ({ pixels, images, components })),
    })),
    splits: (splits ?? []).slice(0, MOST_SPLITS).map(({ labelledRatio, labelledImages, classes }) => ({
      ...{ labelledRatio, labelledImages },
      classes: classes.map(({ pixels, images }) => ({ pixels, images })),
    })),
    duplicates: {
      groups: duplicates.length,
      acrossSubsets: duplicates.filter(({ acrossSubsets }) => acrossSubsets).length,
      near: nearDuplicates.length,
    },
  };
}
