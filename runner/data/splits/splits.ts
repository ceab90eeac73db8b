import { createHash } from 'node:crypto';
import type { SplitConfig } from '../../../schema/run-config.js';
import { randomStream } from '../../random/random.js';
import type { OpenDataset } from '../dataset.js';
import { readSplitLists } from './split-lists.js';

export interface Split {
  /** Sorted ids of the images whose labels are used. */
  labelled: string[];
  /** Sorted ids of those that are trained on without their labels, or have none; empty when all are labelled. */
  unlabelled: string[];
  /** Sorted ids that are in both lists: only lists of a person's own can share an image. */
  inBoth: string[];
  /** SHA-256 (hex) of the sorted labelled ids joined by newlines: equal hashes, comparable runs. */
  hash: string;
}

/**
 * The split that a run's configuration asks for, of the dataset's training images; those without a label are unlabelled in
 * each. The hash is that of the labelled list alone.
 *
 * @throws RangeError when the dataset has fewer images than shall be labelled.
 * @throws DatasetError that names every entry of a list that cannot be used.
 */
export async function openSplit(dataset: OpenDataset, config: SplitConfig): Promise<Split> {
  const split = await splitLabels(dataset, config);
  return { ...split, unlabelled: [...split.unlabelled, ...dataset.unlabelledIds].sort() };
}

async function splitLabels(dataset: OpenDataset, config: SplitConfig): Promise<Split> {
  const ids = dataset.ids('TRAIN');
  if ('labelledRatio' in config) return drawSplit(ids, config.labelledRatio, config.seed);
  if ('labelledImages' in config) return drawImages(ids, config.labelledImages, config.seed);
  const { labelled, unlabelled } = await readSplitLists(dataset, config);
  return splitOf(labelled, unlabelled);
}

/**
 * Draws the labelled share of the training images: ratio x images of one seeded shuffle, rounded up as in the published
 * counts (1/16 of VOC's 10,582 is 662), at least one. Splits of one seed are therefore nested, over ratios and numbers. The order of `ids` does not matter.
 *
 * @throws RangeError when the ratio is outside (0, 1], when there are no ids or when one occurs twice.
 */
export function drawSplit(ids: readonly string[], ratio: number, seed: number): Split {
  if (!(ratio > 0 && ratio <= 1)) throw new RangeError(`labelled ratio must lie in (0, 1]; got ${ratio}`);
  // A third of 3 images is one: the product may be a rounding error above it.
  const count = Math.max(1, Math.ceil(ratio * ids.length - 1e-6));
  return drawImages(ids, Math.min(ids.length, count), seed);
}

/**
 * Draws so many of the training images: the first ones of the same shuffle as `drawSplit`'s.
 *
 * @throws RangeError when there are fewer ids, none, or one that occurs twice.
 */
export function drawImages(ids: readonly string[], count: number, seed: number): Split {
  if (ids.length === 0) throw new RangeError('a split needs at least one training image; got none');
  if (!Number.isInteger(count) || count < 1 || count > ids.length) {
    throw new RangeError(
      `split.labelledImages: must be a whole number from 1 to ${ids.length}, the number of training images; got ${count}`,
    );
  }
  const sorted = [...ids].sort();
  const twice = sorted.find((id, i) => id === sorted[i + 1]);
  if (twice !== undefined) throw new RangeError(`training image ids must differ; "${twice}" occurs twice`);

  const shuffled = randomStream(seed, 'split').shuffle(sorted);
  return splitOf(shuffled.slice(0, count), shuffled.slice(count));
}

/** Identifies a labelled list, whatever its order: SHA-256 (hex) of the sorted ids joined by newlines. */
export function splitHash(labelled: readonly string[]): string {
  return createHash('sha256')
    .update([...labelled].sort().join('\n'))
    .digest('hex');
}

function splitOf(labelled: readonly string[], unlabelled: readonly string[]): Split {
  const known = new Set(labelled);
  return {
    labelled: [...labelled].sort(),
    unlabelled: [...unlabelled].sort(),
    inBoth: unlabelled.filter((id) => known.has(id)).sort(),
    hash: splitHash(labelled),
  };
}
