import type { Mistake } from '../../schema/problems/problem.js';
import { inputMistake } from '../graphql/reasons/problems.js';

/** The scores of a confusion matrix. Each is a share in [0, 1], or null where it would divide by zero. */
export interface Scores {
  /** Intersection over union of each class, TP / (TP + FP + FN); null for a class that neither occurs nor is predicted. */
  classIous: (number | null)[];
  /** Of the pixels predicted as each class, the share that is of it, TP / (TP + FP). */
  classPrecisions: (number | null)[];
  /** Of the pixels of each class, the share predicted as it, TP / (TP + FN). */
  classRecalls: (number | null)[];
  /** Mean over the classes that have an IoU (a nan-mean). */
  meanIou: number | null;
  /** Share of pixels whose class was predicted correctly. */
  pixelAccuracy: number | null;
  /** Mean IoU of the classes, weighted by their share of the true pixels. */
  frequencyWeightedIou: number | null;
}

/**
 * Computes the scores of Long et al., "Fully convolutional networks for semantic segmentation" (2015, section 5).
 * @param confusion pixel counts, row by row: confusion[truth * classes + prediction], without ignored pixels
 */
export function scoresOf(confusion: readonly number[], classes: number): Scores {
  const { truth, predicted } = sumsOf(confusion, classes);
  const right = truth.map((_, index) => confusion[index * classes + index]!);
  return scoresOfSums(truth, predicted, right);
}

/** The same, from the number of pixels of each class in the truth, in the prediction, and in both. */
export function scoresOfSums(truth: readonly number[], predicted: readonly number[], right: readonly number[]): Scores {
  const classIous = truth.map((pixels, index) => share(right[index]!, pixels + predicted[index]! - right[index]!));
  const occurring = classIous.filter((iou) => iou !== null);
  const total = sum(truth);
  return {
    classIous,
    classPrecisions: predicted.map((pixels, index) => share(right[index]!, pixels)),
    classRecalls: truth.map((pixels, index) => share(right[index]!, pixels)),
    meanIou: share(sum(occurring), occurring.length),
    pixelAccuracy: share(sum(right), total),
    frequencyWeightedIou: share(sum(truth.map((pixels, index) => pixels * (classIous[index] ?? 0))), total),
  };
}

/** The pixels of each class in the truth and in the prediction. @param confusion as for `scoresOf` */
export function sumsOf(confusion: readonly number[], classes: number): Record<'truth' | 'predicted', number[]> {
  const [truth, predicted] = [new Array<number>(classes).fill(0), new Array<number>(classes).fill(0)];
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const pixels = confusion[row * classes + column]!;
      truth[row]! += pixels;
      predicted[column]! += pixels;
    }
  }
  return { truth, predicted };
}

/** How many pixels a confusion matrix counts, at most the largest number that is stored exactly. */
export function pixelsOf(confusion: readonly number[]): number {
  return Math.min(sum(confusion), Number.MAX_SAFE_INTEGER);
}

/** Each count's share of the total, in [0, 1]; null if the total is 0. */
export function sharesOf(counts: readonly number[]): (number | null)[] {
  const total = sum(counts);
  return counts.map((count) => share(count, total));
}

/** What is wrong with these pixel counts of `classes` classes; null if they are valid. */
export function countsProblem(counts: readonly number[], classes: number): Mistake | null {
  if (counts.length !== classes) return inputMistake('COUNTS_LENGTH', { count: counts.length, classes });
  const wrong = counts.findIndex((pixels) => !isCount(pixels));
  return wrong < 0 ? null : inputMistake('COUNT_INVALID', { index: wrong, value: String(counts[wrong]) });
}

/** What is wrong with these shares of `classes` classes, some of which may be unknown; null if they are valid. */
export function sharesProblem(shares: readonly (number | null)[], classes: number): Mistake | null {
  if (shares.length !== classes) return inputMistake('COUNTS_LENGTH', { count: shares.length, classes });
  const wrong = shares.find((value) => value !== null && !(value >= 0 && value <= 1));
  return wrong == null ? null : inputMistake('BETWEEN', { min: 0, max: 1, value: wrong });
}

/** What is wrong with this confusion matrix of `classes` classes; null if it is valid. */
export function confusionProblem(confusion: readonly number[], classes: number): Mistake | null {
  if (confusion.length !== classes * classes) {
    return inputMistake('CONFUSION_SIZE', { count: confusion.length, classes, cells: classes * classes });
  }
  const wrong = confusion.findIndex((pixels) => !isCount(pixels));
  if (wrong < 0) return null;
  const [row, column] = [Math.floor(wrong / classes), wrong % classes];
  const params = { index: wrong, truth: row, prediction: column, value: String(confusion[wrong]) };
  return inputMistake('CONFUSION_CELL', params);
}

function isCount(pixels: number): boolean {
  return Number.isSafeInteger(pixels) && pixels >= 0;
}

/** The share in [0, 1]; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
