import { type RunConfig, trainsOnUnlabelled } from '../../../schema/run-config.js';
import type { Split } from '../../data/splits/splits.js';

/**
 * The most pixels that are reviewed, as a share of those that training uses. At this limit, a review takes up to a sixth of the time
 * of a run (docs/labelling.md).
 */
const REVIEWED_SHARE = 0.1;

/**
 * The images that a run reviews: up to `training.reviewImages` labelled and as many unlabelled ones. All together have at most a
 * tenth of the pixels that training uses, and if there are unlabelled ones, the labelled ones have at most half of that. They are
 * spread evenly over the sorted ids, so that not all of them are from the same video.
 *
 * @param pixelsOf the number of pixels of an image; undefined if that is not known
 */
export async function chooseImages(
  { config, split }: { config: RunConfig; split: Pick<Split, 'labelled' | 'unlabelled'> },
  pixelsOf: (id: string) => Promise<number | undefined>,
): Promise<Pick<Split, 'labelled' | 'unlabelled'>> {
  const isLabelled = new Set(split.labelled);
  // A method may train on all images without their labels.
  const unlabelled = split.unlabelled.filter((id) => !isLabelled.has(id));
  const most = config.training.reviewImages;
  const pixels = most > 0 ? await pixelsOf(split.labelled[0]!) : undefined;
  if (pixels === undefined) return { labelled: [], unlabelled: [] };
  const affordable = Math.floor((REVIEWED_SHARE * trainedPixels(config)) / pixels);
  const labelledCount = Math.min(
    ...[split.labelled.length, most, unlabelled.length === 0 ? affordable : Math.floor(affordable / 2)],
  );
  return {
    labelled: spread(split.labelled, labelledCount),
    unlabelled: spread(unlabelled, Math.min(most, affordable - labelledCount)),
  };
}

/** How many pixels of crops a run trains on. */
function trainedPixels({ training, augmentation, method }: RunConfig): number {
  const images = training.batchLabelled + (trainsOnUnlabelled(method) ? training.batchUnlabelled : 0);
  return training.iterations * images * augmentation.crop[0] * augmentation.crop[1];
}

/** `count` of the ids, or all, evenly spread. */
function spread(ids: readonly string[], count: number): string[] {
  const chosen = Math.min(count, ids.length);
  return Array.from({ length: chosen }, (_, i) => ids[Math.floor((i * ids.length) / chosen)]!);
}
