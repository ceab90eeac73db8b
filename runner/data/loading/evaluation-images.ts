import type { Subset } from '../../tracking/tracker.js';
import { emptyBatch, wholeImage, writeView } from '../augment/augment.js';
import type { Batch, Dataset, LabelledImage } from '../dataset.js';

/** A whole image as a batch of one: normalised, but not scaled, cropped or flipped. Ignored labels are 255. */
export async function evaluationImage(dataset: Dataset, subset: Subset, id: string): Promise<Batch & { count: 1 }> {
  return wholeBatch(await dataset.load(subset, id), dataset.descriptor);
}

/** The same of an image that is already loaded. */
export function wholeBatch(image: LabelledImage, descriptor: Dataset['descriptor']): Batch & { count: 1 } {
  const batch = emptyBatch(1, image.height, image.width, image.channels);
  writeView(image, wholeImage(image), batch, 0, descriptor);
  return { ...batch, count: 1 };
}
