import { describe, expect, it } from 'vitest';
import { draws } from '../../testing/draws.js';
import { scoresOf } from '../confusion.js';
import { confusions, predictionShares, submatrix, truthShares } from './confusion-matrix.js';

/** The third of four classes neither occurs nor is predicted. */
const MATRIX = [60, 8, 0, 2, 5, 30, 0, 5, 0, 0, 0, 0, 1, 14, 0, 25];
const closeTo = (values: (number | null)[]) =>
  values.map((value) => (value === null ? null : expect.closeTo(value, 15)));

/** Matrices of up to 7 classes, with many zeros. */
function randomMatrices(): { confusion: number[]; classes: number }[] {
  const draw = draws(7);
  return Array.from({ length: 200 }, () => {
    const classes = 1 + Math.floor(7 * draw());
    const emptiness = draw();
    const pixels = () => (draw() < emptiness ? 0 : Math.floor(1e6 * draw()));
    return { classes, confusion: Array.from({ length: classes ** 2 }, pixels) };
  });
}

describe('a confusion matrix', () => {
  // The expected numbers are those of numpy 1.24: C / C.sum(1, keepdims=True) and C / C.sum(0, keepdims=True), with null for NaN.
  it('is normalised by row as numpy does it', () => {
    expect(truthShares(MATRIX, 4)).toEqual(
      closeTo([
        ...[0.8571428571428571, 0.11428571428571428, 0, 0.02857142857142857],
        ...[0.125, 0.75, 0, 0.125],
        ...[null, null, null, null],
        ...[0.025, 0.35, 0, 0.625],
      ]),
    );
  });

  it('is normalised by column as numpy does it', () => {
    expect(predictionShares(MATRIX, 4)).toEqual(
      closeTo([
        ...[0.9090909090909091, 0.15384615384615385, null, 0.0625],
        ...[0.07575757575757576, 0.5769230769230769, null, 0.15625],
        ...[0, 0, null, 0],
        ...[0.015151515151515152, 0.2692307692307692, null, 0.78125],
      ]),
    );
  });

  it('lists what is confused, with its share of the true class', () => {
    expect(confusions(MATRIX, 4)).toEqual([
      { truth: 0, prediction: 1, pixels: 8, share: 8 / 70 },
      { truth: 0, prediction: 3, pixels: 2, share: 2 / 70 },
      { truth: 1, prediction: 0, pixels: 5, share: 5 / 40 },
      { truth: 1, prediction: 3, pixels: 5, share: 5 / 40 },
      { truth: 3, prediction: 0, pixels: 1, share: 1 / 40 },
      { truth: 3, prediction: 1, pixels: 14, share: 14 / 40 },
    ]);
  });

  it('can be limited to some classes, in any order', () => {
    expect(submatrix(MATRIX, 4, [3, 0])).toEqual([25, 1, 2, 60]);
    expect(submatrix(MATRIX, 4, [])).toEqual([]);
  });

  it('has rows and columns that add up to 1, and recall and precision on the diagonal', () => {
    for (const { confusion, classes } of randomMatrices()) {
      const { classRecalls, classPrecisions } = scoresOf(confusion, classes);
      const [byRow, byColumn] = [truthShares(confusion, classes), predictionShares(confusion, classes)];
      for (let one = 0; one < classes; one++) {
        const others = [...Array(classes).keys()];
        const row = others.map((column) => byRow[one * classes + column]!);
        const column = others.map((each) => byColumn[each * classes + one]!);
        for (const [line, onDiagonal] of [[row, classRecalls[one]] as const, [column, classPrecisions[one]] as const]) {
          expect(line[one]).toBe(onDiagonal);
          if (onDiagonal === null) expect(line).toEqual(others.map(() => null));
          else expect(line.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
        }
      }
    }
  });

  it('is made of what is confused and of what is right', () => {
    for (const { confusion, classes } of randomMatrices()) {
      const rebuilt = confusion.map((pixels, cell) => (Math.floor(cell / classes) === cell % classes ? pixels : 0));
      const byTruth = truthShares(confusion, classes);
      for (const { truth, prediction, pixels, share } of confusions(confusion, classes)) {
        rebuilt[truth * classes + prediction] = pixels;
        expect(share).toBe(byTruth[truth * classes + prediction]);
      }
      expect(rebuilt).toEqual(confusion);
    }
  });
});
