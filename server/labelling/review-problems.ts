import type { Mistake, Problem } from '../../schema/problems/problem.js';
import { countsProblem } from '../evaluations/confusion.js';
import { imageIdProblem } from '../graphql/ids.js';
import { inputMistake, problemIn } from '../graphql/reasons/problems.js';
import type { ImageReviewInput, LabelDoubtInput, LabelReviewInput, ReviewPictureInput } from './reviews.inputs.js';

const MOST_DOUBTS = 20;

/** What is wrong with a review of an unlabelled image; empty if it is valid. */
export function imageReviewProblems(input: ImageReviewInput, classes: number): Problem[] {
  const { disagreement, entropy, confidence, predicted, expected, uncertain, disputed, hash } = input;
  const shares = { disagreement: disagreement ?? 0, entropy, confidence };
  return [
    ...placeProblems(input),
    ...Object.entries(shares).flatMap(([field, value]) => problemIn(field, between(value, 0, 1))),
    ...problemIn('predicted', countsProblem(predicted, classes)),
    ...Object.entries({ expected, uncertain, disputed }).flatMap(([field, values]) =>
      problemIn(field, amountsProblem(values, classes, input.width * input.height)),
    ),
    ...problemIn('hash', /^[0-9a-f]{16}$/.test(hash) ? null : inputMistake('HASH_INVALID', { value: hash })),
  ];
}

/** What is wrong with a review of a label; empty if it is valid. */
export function labelReviewProblems(input: LabelReviewInput, classes: number): Problem[] {
  const { doubts } = input;
  if (doubts.length > MOST_DOUBTS) {
    return problemIn('doubts', inputMistake('TOO_MANY_ENTRIES', { most: MOST_DOUBTS, count: doubts.length }));
  }
  return [
    ...placeProblems(input),
    ...doubts.flatMap((doubt, index) =>
      doubtProblems(doubt, input, classes).map((problem) => ({
        ...problem,
        field: `doubts.${index}.${problem.field}`,
      })),
    ),
  ];
}

/** What is wrong with a picture; empty if it is valid. */
export function pictureProblems(input: ReviewPictureInput): Problem[] {
  return placeProblems(input);
}

interface Place {
  step: number;
  imageId: string;
  width: number;
  height: number;
}

function placeProblems({ step, imageId, width, height }: Place): Problem[] {
  return [
    ...problemIn('step', atLeast(step, 0)),
    ...problemIn('imageId', imageIdProblem(imageId)),
    ...problemIn('width', atLeast(width, 1)),
    ...problemIn('height', atLeast(height, 1)),
  ];
}

function doubtProblems(doubt: LabelDoubtInput, { width, height }: Place, classes: number): Problem[] {
  const { classIndex, takenFor, pixels, left, top, right, bottom, labelProbability, otherProbability } = doubt;
  const ranges: Record<string, [value: number, min: number, max: number]> = {
    left: [left, 0, width - 1],
    top: [top, 0, height - 1],
    right: [right, left + 1, width],
    bottom: [bottom, top + 1, height],
    pixels: [pixels, 1, Math.max(1, (right - left) * (bottom - top))],
    labelProbability: [labelProbability, 0, 1],
    otherProbability: [otherProbability, 0, 1],
  };
  return [
    ...Object.entries({ classIndex, takenFor }).flatMap(([field, value]) =>
      problemIn(field, value >= 0 && value < classes ? null : inputMistake('CLASS_INDEX', { max: classes - 1, value })),
    ),
    ...Object.entries(ranges).flatMap(([field, [value, min, max]]) => problemIn(field, between(value, min, max))),
  ];
}

/** Sums of rounded numbers may exceed what they add up to by this share. */
const ROUNDING = 0.01;

/** What is wrong with these amounts of pixels of each class. */
function amountsProblem(values: readonly number[], classes: number, pixels: number): Mistake | null {
  if (values.length !== classes) return inputMistake('COUNTS_LENGTH', { count: values.length, classes });
  const wrong = values.find((value) => !(value >= 0 && value <= pixels * (1 + ROUNDING)));
  return wrong === undefined ? null : inputMistake('BETWEEN', { min: 0, max: pixels, value: wrong });
}

function between(value: number, min: number, max: number): Mistake | null {
  return value >= min && value <= max ? null : inputMistake('BETWEEN', { min, max, value });
}

function atLeast(value: number, min: number): Mistake | null {
  return value >= min ? null : inputMistake('AT_LEAST', { min, value });
}
