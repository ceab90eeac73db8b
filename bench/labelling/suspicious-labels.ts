import type { LabelReviewRecord } from '../../runner/tracking/tracker.js';
import { suspicion } from '../../schema/labelling/ranking.js';
import type { LabelDoubt } from '../../schema/labelling/review.js';
import type { Corrupted } from './corrupt-labels.js';

type Doubt = LabelDoubt & { imageId: string };

export interface DoubtScore {
  /** Of the first k doubts: how many are about a label that was changed, and how many of the changed labels they find. */
  doubts: Record<number, { precision: number; recall: number }>;
  /** Of the first k images: how many hold a changed label, and how many of the images that do are among them. */
  images: Record<number, { precision: number; recall: number }>;
  /** How many changed labels any doubt of an image is about, by how they were changed: found of all. */
  found: Record<string, string>;
}

const ORDERS: Record<string, (doubt: LabelDoubt) => number> = {
  'as listed': suspicion,
  'low probability': ({ labelProbability }) => 1 - labelProbability,
  'difference alone': ({ otherProbability, labelProbability }) => otherProbability - labelProbability,
  'pixels alone': ({ pixels }) => pixels,
};

/** Scores the lists of doubts in several orders. @param scale pixels of the networks' image per pixel of the stored one */
export function scoreDoubts(
  reviews: readonly LabelReviewRecord[],
  corrupted: readonly Corrupted[],
  scale: number,
  ks: readonly number[],
): Record<string, DoubtScore> {
  const doubts = reviews.flatMap(({ imageId, doubts }) => doubts.map((doubt) => ({ ...doubt, imageId })));
  return Object.fromEntries(
    Object.entries(ORDERS).map(([name, order]) => {
      const sorted = [...doubts].sort((a, b) => order(b) - order(a));
      return [name, scoreOrder(sorted, corrupted, scale, ks)];
    }),
  );
}

function scoreOrder(
  sorted: readonly Doubt[],
  corrupted: readonly Corrupted[],
  scale: number,
  ks: readonly number[],
): DoubtScore {
  const hits = (doubt: Doubt) => corrupted.findIndex((each) => isAbout(doubt, each, scale));
  const images = [...new Set(sorted.map(({ imageId }) => imageId))];
  const wrong = new Set(corrupted.map(({ imageId }) => imageId));
  const found = new Set(sorted.map(hits));
  const rates = (right: number, found: number, k: number, all: number) => ({
    precision: round(right / k),
    recall: round(found / all),
  });
  return {
    doubts: Object.fromEntries(
      ks.map((k) => {
        const about = sorted
          .slice(0, k)
          .map(hits)
          .filter((index) => index >= 0);
        return [k, rates(about.length, new Set(about).size, k, corrupted.length)];
      }),
    ),
    images: Object.fromEntries(
      ks.map((k) => {
        const right = images.slice(0, k).filter((id) => wrong.has(id)).length;
        return [k, rates(right, right, Math.min(k, images.length), wrong.size)];
      }),
    ),
    found: Object.fromEntries(
      ['swapped', 'erased'].map((how) => {
        const of = [...corrupted.keys()].filter((index) => corrupted[index]!.how === how);
        return [how, `${of.filter((index) => found.has(index)).length} of ${of.length}`];
      }),
    ),
  };
}

/** Whether a doubt is about a changed label: it doubts what was written, and at least half of its box is in the box of the change. */
function isAbout(doubt: Doubt, { imageId, to, ...box }: Corrupted, scale: number): boolean {
  if (doubt.imageId !== imageId || doubt.classIndex !== to) return false;
  const width = Math.min(doubt.right, box.right * scale) - Math.max(doubt.left, box.left * scale);
  const height = Math.min(doubt.bottom, box.bottom * scale) - Math.max(doubt.top, box.top * scale);
  if (width <= 0 || height <= 0) return false;
  return 2 * width * height >= (doubt.right - doubt.left) * (doubt.bottom - doubt.top);
}

const round = (value: number): number => Math.round(1000 * value) / 1000;
