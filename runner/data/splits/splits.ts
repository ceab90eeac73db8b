import { createHash } from 'node:crypto';
import type { SplitConfig } from '../../../schema/run-config.js';
import { randomStream } from '../../random/random.js';
import type { OpenDataset } from '../dataset.js';
import { coveringOrder } from './cover.js';
import { readSplitLists } from './split-lists.js';

export interface Split {
  /** Sorted ids of the images whose labels are used. */
  labelled: string[];
  /** Sorted ids of the images that are used without labels or have none. Empty when all images are labelled. */
  unlabelled: string[];
  /** Sorted ids that are in both lists. Only splits read from list files can have any. */
  inBoth: string[];
  /** SHA-256 (hex) of the sorted labelled ids joined by newlines. Runs with equal hashes are comparable. */
  hash: string;
}

/**
 * Splits the dataset's training images as the run's configuration says. Images without a label are always unlabelled.
 * The hash covers only the labelled images.
 *
 * @throws RangeError when the dataset has fewer images than the configuration wants to label.
 * @throws DatasetError that lists every invalid entry of a list file.
 */
export async function openSplit(dataset: OpenDataset, config: SplitConfig): Promise<Split> {
  const split = await splitLabels(dataset, config);
  return { ...split, unlabelled: [...split.unlabelled, ...dataset.unlabelledIds].sort() };
}

/** The split with its labelled images among the unlabelled ones, too, for a method that uses all images without their labels. */
export function withAllUnlabelled(split: Split): Split {
  return { ...split, unlabelled: [...new Set([...split.labelled, ...split.unlabelled])].sort() };
}

async function splitLabels(dataset: OpenDataset, config: SplitConfig): Promise<Split> {
  const ids = dataset.ids('TRAIN');
  if ('labelledRatio' in config) {
    const count = shareOf(ids, config.labelledRatio);
    return config.cover ? drawCovering(dataset, count, config.seed) : drawImages(ids, count, config.seed);
  }
  if ('labelledImages' in config) {
    const count = requireCount(ids, config.labelledImages);
    return config.cover ? drawCovering(dataset, count, config.seed) : drawImages(ids, count, config.seed);
  }
  const { labelled, unlabelled } = await readSplitLists(dataset, config);
  return splitOf(labelled, unlabelled);
}

/**
 * Draws the labelled share of the training images: the first ratio x images of a seeded shuffle. The number is rounded
 * up, as in the published counts (1/16 of VOC's 10,582 is 662), and is at least one. All splits of one seed are
 * therefore nested, whether drawn by ratio or by number. The order of `ids` does not matter.
 *
 * @throws RangeError when the ratio is outside (0, 1], there are no ids, or an id occurs twice.
 */
export function drawSplit(ids: readonly string[], ratio: number, seed: number): Split {
  return drawImages(ids, shareOf(ids, ratio), seed);
}

function shareOf(ids: readonly string[], ratio: number): number {
  if (!(ratio > 0 && ratio <= 1)) throw new RangeError(`the labelled ratio must be in (0, 1]; got ${ratio}`);
  // 1/3 of 3 images is one image, but the product may be above 1 by a rounding error.
  return Math.min(ids.length, Math.max(1, Math.ceil(ratio * ids.length - 1e-6)));
}

/**
 * Draws `count` of the training images: the first ones of the same shuffle that `drawSplit` uses.
 *
 * @throws RangeError when there are fewer than `count` ids or none, or an id occurs twice.
 */
export function drawImages(ids: readonly string[], count: number, seed: number): Split {
  const shuffled = shuffledIds(ids, seed);
  requireCount(ids, count);
  return splitOf(shuffled.slice(0, count), shuffled.slice(count));
}

/**
 * Draws `count` of the training images so that they hold every class that any training label holds.
 *
 * @throws RangeError when the draw takes more images for that
 */
async function drawCovering(dataset: OpenDataset, count: number, seed: number): Promise<Split> {
  const classes = new Map<string, ReadonlySet<number>>();
  const shuffled = shuffledIds(dataset.ids('TRAIN'), seed);
  for (const id of shuffled) {
    const pixels = (await dataset.classPixels(id)).slice(0, -1);
    classes.set(id, new Set([...pixels.keys()].filter((index) => pixels[index]! > 0)));
  }
  const { order, needed } = coveringOrder(shuffled, (id) => classes.get(id)!);
  if (count < needed) {
    const images = count === 1 ? '1 labelled image' : `${count} labelled images`;
    throw new RangeError(
      `split.cover: ${images} cannot be drawn so that every class occurs; this draw needs ${needed} (another split.seed may need fewer; or set split.cover to false)`,
    );
  }
  return splitOf(order.slice(0, count), order.slice(count));
}

function requireCount(ids: readonly string[], count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > ids.length) {
    throw new RangeError(
      `split.labelledImages: must be a whole number from 1 to ${ids.length}, the number of training images; got ${count}`,
    );
  }
  return count;
}

/** The order in which splits with this seed draw. @throws RangeError when there are no ids, or an id occurs twice */
export function shuffledIds(ids: readonly string[], seed: number): string[] {
  if (ids.length === 0) throw new RangeError('a split needs at least one training image; got none');
  const sorted = [...ids].sort();
  const twice = sorted.find((id, i) => id === sorted[i + 1]);
  if (twice !== undefined) throw new RangeError(`training image ids must be unique; "${twice}" occurs twice`);
  return randomStream(seed, 'split').shuffle(sorted);
}

/** Identifies a list of labelled images regardless of its order: SHA-256 (hex) of the sorted ids joined by newlines. */
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
