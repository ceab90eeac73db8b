import { expect, it } from 'vitest';
import { generalScore, rankImages, rarity, scoreForClass, suspicion } from './ranking.js';
import type { ImageReview } from './review.js';

/** A review of 100 pixels of two classes. */
function review(imageId: string, changes: Partial<ImageReview> = {}): ImageReview {
  return {
    ...{ imageId, width: 20, height: 5, disagreement: 0, entropy: 0, confidence: 1 },
    ...{ predicted: [100, 0], expected: [100, 0], uncertain: [0, 0], disputed: [0, 0], hash: '0000000000000000' },
    ...changes,
  };
}

it('weighs classes by how rare they are among the labelled pixels', () => {
  expect(rarity([50, 40, 10])).toEqual([100 / 3 / 50, 100 / 3 / 40, 100 / 3 / 10]);
  expect(rarity([1000, 1])).toEqual([500.5 / 1000, 10]);
  expect(rarity([5, 0])).toEqual([0.5, 10]);
  expect(rarity([0, 0])).toEqual([1, 1]);
});

it('scores an image for a class by the pixels that are expected of it, and those that one network predicts', () => {
  const image = review('a', { expected: [90, 10], disputed: [4, 6] });
  expect(scoreForClass(image, 1)).toBe(0.16);
  expect(scoreForClass(image, 0)).toBe(0.94);
});

it('scores an image in general by the uncertain and disputed pixels, weighted by their class', () => {
  const image = review('a', { uncertain: [8, 1], disputed: [2, 3] });
  expect(generalScore(image, [1, 1])).toBeCloseTo(0.14, 12);
  expect(generalScore(image, [0.5, 10])).toBeCloseTo(0.45, 12);
});

it('puts images that look like one above them behind all others', () => {
  const scores: Record<string, number> = { a: 3, b: 5, c: 4, d: 1, e: 4 };
  const hashes: Record<string, string> = {
    b: '000000000000ffff',
    // 6 bits from b.
    c: '00000000000fff3f',
    // 7 bits from b.
    a: '000000000008ff05',
    d: 'ffffffffffffffff',
    e: 'ff000000000000ff',
  };
  const images = Object.keys(scores).map((id) => review(id, { hash: hashes[id]! }));
  const ranked = (count: number) =>
    rankImages(images, ({ imageId }) => scores[imageId]!, count).map(({ image, similarTo }) => [
      image.imageId,
      similarTo,
    ]);
  expect(ranked(5)).toEqual([
    ['b', null],
    ['e', null],
    ['a', null],
    ['d', null],
    ['c', 'b'],
  ]);
  expect(ranked(2)).toEqual([
    ['b', null],
    ['e', null],
  ]);
});

it('sorts images with equal scores by their ids', () => {
  const images = ['b', 'a'].map((id, i) => review(id, { hash: ['0'.repeat(16), 'f'.repeat(16)][i]! }));
  expect(rankImages(images, () => 1, 2).map(({ image }) => image.imageId)).toEqual(['a', 'b']);
});

it('finds many pixels of a sure contradiction more suspicious than a few or unsure ones', () => {
  const box = { classIndex: 0, takenFor: 1, left: 0, top: 0, right: 10, bottom: 10 };
  expect(suspicion({ ...box, pixels: 50, labelProbability: 0.1, otherProbability: 0.9 })).toBeCloseTo(40, 12);
  expect(suspicion({ ...box, pixels: 50, labelProbability: 0.4, otherProbability: 0.5 })).toBeCloseTo(5, 12);
});
