import type { Subset } from '../../../tracking/tracker.js';
import type { LabelCoding } from './label-coding.js';

/** The files of an image, as found by scanning the dataset's folders. None of them has been opened. */
export interface ImageFiles {
  id: string;
  image: string;
  /** Its fourth channel; null if the dataset has none, or if it is the fourth channel of the image file. */
  thermal: string | null;
  /** Null: the image has no label, and every pixel is ignored. */
  label: string | null;
  coding: LabelCoding;
}

export const SUBSETS: readonly Subset[] = ['TRAIN', 'VAL', 'TEST'];

/** Allowed extensions of images, in lower case. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp'];
export const LABEL_EXTENSIONS = ['.png', '.bmp', '.tif', '.tiff', '.webp'];

/** Adds a problem for each unlabelled image with the id of a training image: a split could not tell them apart. */
export function refuseSharedIds(
  train: readonly ImageFiles[],
  unlabelled: readonly ImageFiles[],
  problems: string[],
): void {
  const known = new Map(train.map(({ id, image }) => [id, image]));
  for (const { id, image } of unlabelled) {
    if (known.has(id)) problems.push(`${image}: has the same stem as ${known.get(id)}; rename or remove one of them`);
  }
}

/** A problem with one file. Its message includes the path. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}
