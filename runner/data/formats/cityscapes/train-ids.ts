import { basename } from 'node:path';
import type { ImageFacts } from '../files/facts.js';
import type { ImageFiles } from '../files/image-files.js';
import { CITYSCAPES_CLASSES, LABEL_IDS } from './classes.js';

/** Fewer labels may hold only classes with small ids by chance. */
const LEAST_LABELS = 2;

/**
 * Scripts of other codes write train ids over the files *_labelIds.png, where they mean other classes: 13 is a wall there and a car
 * here. Real label ids go up to 33, and cars, sky or vegetation, which have ids above 18, are in almost every image.
 */
export function trainIdsAsLabelIds(facts: ReadonlyMap<ImageFiles, ImageFacts>): string[] {
  const suspects = [...facts].filter(([files]) => files.coding === LABEL_IDS && files.label !== null);
  const values = new Set(suspects.flatMap(([, { values }]) => values ?? []));
  const ids = [...values].filter((value) => value !== 255);
  if (suspects.length < LEAST_LABELS || ids.length === 0 || Math.max(...ids) >= CITYSCAPES_CLASSES.length) return [];
  const [first] = suspects[0]!;
  return [
    `the ${suspects.length} labels *_gtFine_labelIds.png hold only the values ${ids.sort((a, b) => a - b).join(', ')}, which are train ids, ` +
      `not label ids (0 to 33): rename them to *_gtFine_labelTrainIds.png, such as ${basename(first.label!).replace('labelIds', 'labelTrainIds')}, ` +
      'or restore the files of the archive',
  ];
}
