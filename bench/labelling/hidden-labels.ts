import type { ImageReviewRecord } from '../../runner/tracking/tracker.js';
import { generalScore, rankImages, rarity, scoreForClass } from '../../schema/labelling/ranking.js';

/** The pixels of each class in an image, by its id. */
export type TruePixels = ReadonlyMap<string, readonly number[]>;

export interface ListScore {
  /** Images of the list that hold the class. */
  images: number;
  /** Pixels of the class in the images of the list. */
  pixels: number;
  /** The same, expected of images drawn at random. */
  random: { images: number; pixels: number };
  /** The most that as many images can hold. */
  best: { images: number; pixels: number };
  /** In other orders: by what the networks predict, by the mean probability, by entropy, by disagreement. */
  pixelsBy: Record<string, number>;
}

/** Scores lists of `first` images for each class, and the list without a wanted class by the pixels of `rare` classes together. */
export function scoreLists(
  reviews: readonly ImageReviewRecord[],
  truth: TruePixels,
  {
    names,
    labelledPixels,
    rare,
    first,
  }: { names: readonly string[]; labelledPixels: readonly number[]; rare: readonly string[]; first: number },
): { classes: Record<string, ListScore>; general: ListScore } {
  const weights = rarity(labelledPixels);
  const general = (review: ImageReviewRecord) => generalScore(review, weights);
  const rareIndices = rare.map((name) => names.indexOf(name));
  const pixelsOfRare = (id: string) => rareIndices.reduce((sum, index) => sum + truth.get(id)![index]!, 0);
  return {
    classes: Object.fromEntries(
      rareIndices.map((index, i) => [
        rare[i]!,
        scoreList(
          reviews,
          (review) => scoreForClass(review, index),
          (id) => truth.get(id)![index]!,
          first,
          {
            predicted: ({ predicted }) => predicted[index]!,
            expected: ({ expected }) => expected[index]!,
            'in general': general,
          },
        ),
      ]),
    ),
    general: scoreList(reviews, general, pixelsOfRare, first, {
      entropy: ({ entropy }) => entropy,
      disagreement: ({ disagreement }) => disagreement ?? 0,
      'without weights': (review) =>
        generalScore(
          review,
          weights.map(() => 1),
        ),
    }),
  };
}

function scoreList(
  reviews: readonly ImageReviewRecord[],
  scoreOf: (review: ImageReviewRecord) => number,
  pixelsOf: (id: string) => number,
  first: number,
  others: Record<string, (review: ImageReviewRecord) => number>,
): ListScore {
  const found = (order: (review: ImageReviewRecord) => number) =>
    rankImages(reviews, order, first).map(({ image }) => pixelsOf(image.imageId));
  const all = reviews.map(({ imageId }) => pixelsOf(imageId));
  const listed = found(scoreOf);
  const best = [...all].sort((a, b) => b - a).slice(0, first);
  const share = listed.length / all.length;
  return {
    ...counted(listed),
    random: { images: round(share * counted(all).images), pixels: round(share * counted(all).pixels) },
    best: counted(best),
    pixelsBy: Object.fromEntries(Object.entries(others).map(([name, order]) => [name, counted(found(order)).pixels])),
  };
}

function counted(pixels: readonly number[]): { images: number; pixels: number } {
  return { images: pixels.filter((each) => each > 0).length, pixels: pixels.reduce((sum, each) => sum + each, 0) };
}

const round = (value: number): number => Math.round(10 * value) / 10;
