import { describe, expect, it } from 'vitest';
import { confusionProblem, scoresOf } from './confusion.js';

function confusionOf(truth: number[], prediction: number[], classes: number, ignoreIndex = 255): number[] {
  const confusion = new Array<number>(classes * classes).fill(0);
  truth.forEach((label, pixel) => {
    if (label !== ignoreIndex) confusion[label * classes + prediction[pixel]!]! += 1;
  });
  return confusion;
}

describe('scoresOf', () => {
  it('averages over the classes that occur, like the reference example', () => {
    const scores = scoresOf(confusionOf([0, 1, 2, 255], [0, 1, 1, 3], 4), 4);
    expect(scores.classIous).toEqual([1, 0.5, 0, null]);
    expect(scores.meanIou).toBe(0.5);
    expect(scores.pixelAccuracy).toBeCloseTo(2 / 3, 12);
    expect(scores.frequencyWeightedIou).toBeCloseTo((1 + 0.5 + 0) / 3, 12);
  });

  it('counts a class that is only predicted as zero', () => {
    expect(scoresOf(confusionOf([0, 0], [0, 1], 2), 2).classIous).toEqual([0.5, 0]);
  });

  it('weights the frequency-weighted IoU by the true pixels', () => {
    const scores = scoresOf([6, 2, 1, 1], 2);
    expect(scores.classIous).toEqual([6 / 9, 1 / 4]);
    expect(scores.frequencyWeightedIou).toBeCloseTo((8 * (6 / 9) + 2 * (1 / 4)) / 10, 12);
    expect(scores.pixelAccuracy).toBe(0.7);
  });

  it('has no scores if every pixel is ignored', () => {
    expect(scoresOf([0, 0, 0, 0], 2)).toEqual({
      classIous: [null, null],
      classPrecisions: [null, null],
      classRecalls: [null, null],
      meanIou: null,
      pixelAccuracy: null,
      frequencyWeightedIou: null,
    });
  });

  it('has the precision and the recall of each class', () => {
    // Class 2 neither occurs nor is predicted; class 1 is never predicted.
    const { classPrecisions, classRecalls } = scoresOf([6, 0, 0, 2, 0, 0, 0, 0, 0], 3);
    expect(classPrecisions).toEqual([0.75, null, null]);
    expect(classRecalls).toEqual([1, 0, null]);
  });

  it('is exact for counts beyond 32 bits', () => {
    expect(scoresOf([3e12, 1e12, 0, 0], 2).classIous[0]).toBe(0.75);
  });
});

describe('confusionProblem', () => {
  it('accepts a matrix of whole numbers', () => expect(confusionProblem([1, 0, 0, 1], 2)).toBeNull());
  it('names the sizes', () => expect(confusionProblem([1, 0, 0], 2)!.message).toContain('3 entries'));
  it.each([-1, 0.5, Number.NaN])('names the entry that is %s', (value) => {
    expect(confusionProblem([0, 0, value, 0], 2)!.message).toContain(
      `confusion[2] (truth 1, prediction 0) must be a whole number of at least 0; got ${value}`,
    );
  });
});
