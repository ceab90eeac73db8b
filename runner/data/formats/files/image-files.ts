import type { Subset } from '../../../tracking/tracker.js';
import type { LabelValues } from './label-values.js';

/** The files of an image: what a scan of a dataset's folders finds, before any of them is opened. */
export interface ImageFiles {
  id: string;
  image: string;
  /** Its fourth channel; null where the dataset has none. */
  thermal: string | null;
  /** null: it has none, and every pixel is ignored. */
  label: string | null;
  labelValues: LabelValues;
}

export const SUBSETS: readonly Subset[] = ['TRAIN', 'VAL', 'TEST'];

/** Extensions that an image may have, lower case. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png'];
export const LABEL_EXTENSIONS = ['.png'];

/** Notes each image without a label whose id is one of the training images', too: the two would be one image to a split. */
export function refuseSharedIds(
  train: readonly ImageFiles[],
  unlabelled: readonly ImageFiles[],
  problems: string[],
): void {
  const known = new Map(train.map(({ id, image }) => [id, image]));
  for (const { id, image } of unlabelled) {
    if (known.has(id)) problems.push(`${image}: has the same stem as ${known.get(id)}; rename one, or keep one`);
  }
}

/** A problem of one file, its path included in the message. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}
