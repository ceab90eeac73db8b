import type { ImageReview, LabelDoubt } from './review.js';

/** No class counts more than this many times as much as one that has its equal share of the labelled pixels. */
const MOST_WEIGHT = 10;

/** Two pictures look alike if their hashes differ in at most this many of the 64 bits, as in the facts of a dataset. */
const ALIKE_BITS = 6;

/** An image in a ranking. */
export interface Ranked<Image> {
  image: Image;
  score: number;
  /** The id of the first image above it that looks like it; null if none does. Such images come after all others. */
  similarTo: string | null;
}

/**
 * How much each class counts in a ranking without a wanted class: the inverse of its share of the labelled pixels, relative to
 * equal shares, at most 10. A class without labelled pixels counts most.
 *
 * @param labelledPixels of the labelled images of the split, by class index
 */
export function rarity(labelledPixels: readonly number[]): number[] {
  const equal = labelledPixels.reduce((sum, pixels) => sum + pixels, 0) / labelledPixels.length;
  return labelledPixels.map((pixels) => (equal === 0 ? 1 : Math.min(MOST_WEIGHT, equal / pixels)));
}

/**
 * How much labelling an image would help a class, in [0, 1]: the share of its pixels that are expected to be of the class. A pixel
 * that only one of the two networks takes for the class counts as if both did.
 */
export function scoreForClass({ expected, disputed, width, height }: ImageReview, classIndex: number): number {
  return (expected[classIndex]! + disputed[classIndex]!) / (width * height);
}

/**
 * How much labelling an image would help in general: the share of its pixels of which the networks are unsure or that they dispute,
 * in which a pixel of a rare class counts more.
 *
 * @param weights of the classes, see `rarity`
 */
export function generalScore({ uncertain, disputed, width, height }: ImageReview, weights: readonly number[]): number {
  const sum = uncertain.reduce((all, pixels, index) => all + weights[index]! * (pixels + disputed[index]!), 0);
  return sum / (width * height);
}

/**
 * The `count` images with the highest scores, those with equal scores by their ids. An image that looks like one above it comes
 * after all that do not: ten pictures of the same second teach little more than one.
 */
export function rankImages<Image extends Pick<ImageReview, 'imageId' | 'hash'>>(
  images: readonly Image[],
  scoreOf: (image: Image) => number,
  count: number,
): Ranked<Image>[] {
  const sorted = images
    .map((image) => ({ image, score: scoreOf(image) }))
    .sort((a, b) => b.score - a.score || (a.image.imageId < b.image.imageId ? -1 : 1));
  const different: Ranked<Image>[] = [];
  const alike: Ranked<Image>[] = [];
  for (const each of sorted) {
    if (different.length === count) break;
    const first = different.find(({ image }) => bitsBetween(image.hash, each.image.hash) <= ALIKE_BITS);
    (first ? alike : different).push({ ...each, similarTo: first?.image.imageId ?? null });
  }
  return [...different, ...alike].slice(0, count);
}

/**
 * How suspicious a doubt is: its pixels, times how much more probable the other class is than the label, in pixels. Many pixels
 * that the networks are sure of come first.
 */
export function suspicion({ pixels, labelProbability, otherProbability }: LabelDoubt): number {
  return pixels * (otherProbability - labelProbability);
}

/** The number of bits in which two hashes of 16 hex digits differ. */
function bitsBetween(one: string, other: string): number {
  let bits = 0;
  for (let at = 0; at < one.length; at += 8) {
    let different = Number.parseInt(one.slice(at, at + 8), 16) ^ Number.parseInt(other.slice(at, at + 8), 16);
    for (; different !== 0; different &= different - 1) bits++;
  }
  return bits;
}
