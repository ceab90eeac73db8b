import { createHash } from 'node:crypto';
import { randomStream } from '../random/random.js';

export interface Split {
  /** Sorted ids of the images whose labels are used. */
  labelled: string[];
  /** Sorted ids of the others; empty when the ratio is 1. */
  unlabelled: string[];
  /** SHA-256 (hex) of the sorted labelled ids joined by newlines: equal hashes, comparable runs. */
  hash: string;
}

/**
 * Draws the labelled share of the training images: the first round(ratio x images), at least one, of one seeded
 * shuffle. Splits of one seed are therefore nested over ratios. The order of `ids` does not matter.
 *
 * @throws RangeError when the ratio is outside (0, 1], when there are no ids or when one occurs twice.
 */
export function drawSplit(ids: readonly string[], ratio: number, seed: number): Split {
  if (!(ratio > 0 && ratio <= 1)) throw new RangeError(`labelled ratio must lie in (0, 1]; got ${ratio}`);
  if (ids.length === 0) throw new RangeError('a split needs at least one training image; got none');
  const sorted = [...ids].sort();
  const twice = sorted.find((id, i) => id === sorted[i + 1]);
  if (twice !== undefined) throw new RangeError(`training image ids must differ; "${twice}" occurs twice`);

  const shuffled = randomStream(seed, 'split').shuffle(sorted);
  const count = Math.max(1, Math.round(ratio * sorted.length));
  const labelled = shuffled.slice(0, count).sort();
  const unlabelled = shuffled.slice(count).sort();
  return { labelled, unlabelled, hash: splitHash(labelled) };
}

/** Identifies a labelled list, whatever its order: SHA-256 (hex) of the sorted ids joined by newlines. */
export function splitHash(labelled: readonly string[]): string {
  return createHash('sha256')
    .update([...labelled].sort().join('\n'))
    .digest('hex');
}
