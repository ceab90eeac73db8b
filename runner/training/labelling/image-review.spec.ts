import { expect, it } from 'vitest';
import { mostProbable, type Predictions } from '../predictions.js';
import { measure } from './image-review.js';

/** What one or two networks say, from the probabilities of each of their pixels. */
function predictionsOf(...networks: number[][][]): Predictions {
  const prediction = (pixels: number[][]) => {
    const probabilities = Float32Array.from(pixels.flat());
    return { probabilities, labels: mostProbable(probabilities, pixels[0]!.length) };
  };
  const [first, second] = networks;
  const predictions: Predictions = new Map([['BRANCH1', prediction(first!)]]);
  if (!second) return predictions;
  predictions.set('BRANCH2', prediction(second));
  const mean = first!.map((pixel, i) => pixel.map((value, c) => (value + second[i]![c]!) / 2));
  return predictions.set('ENSEMBLE', prediction(mean));
}

it('measures a single network', () => {
  const measured = measure(
    predictionsOf([
      [1, 0],
      [0.5, 0.5],
      [0.25, 0.75],
      [0, 1],
    ]),
    2,
  );
  // In bits, because there are two classes.
  const unsure = -(0.25 * Math.log2(0.25) + 0.75 * Math.log2(0.75));
  expect(measured.disagreement).toBeNull();
  expect(measured.entropy).toBeCloseTo((1 + unsure) / 4, 6);
  expect(measured.confidence).toBeCloseTo((1 + 0.5 + 0.75 + 1) / 4, 6);
  expect(measured.predicted).toEqual([2, 2]);
  expect(measured.expected).toEqual([1.75, 2.25]);
  expect(measured.uncertain[0]).toBeCloseTo(0.5 + 0.25 * unsure, 6);
  expect(measured.uncertain[1]).toBeCloseTo(0.5 + 0.75 * unsure, 6);
  expect(measured.disputed).toEqual([0, 0]);
});

it('measures two networks by the mean of their probabilities, and where they disagree', () => {
  const first = [
    [0.8, 0.1, 0.1],
    [0.1, 0.8, 0.1],
    [0.1, 0.8, 0.1],
    [0.2, 0.2, 0.6],
  ];
  const second = [
    [0.6, 0.3, 0.1],
    [0.1, 0.2, 0.7],
    [0.7, 0.2, 0.1],
    [0, 0, 1],
  ];
  const measured = measure(predictionsOf(first, second), 3);
  expect(measured.disagreement).toBe(0.5);
  expect(measured.disputed).toEqual([0.5, 1, 0.5]);
  expect(measured.predicted).toEqual([1, 2, 1]);
  for (const [c, expected] of [1.3, 1.3, 1.4].entries()) expect(measured.expected[c]).toBeCloseTo(expected, 6);
  expect(measured.confidence).toBeCloseTo((0.7 + 0.5 + 0.5 + 0.8) / 4, 6);
});

it('keeps shares and amounts within their limits where a GPU has rounded', () => {
  const measured = measure(
    predictionsOf([
      [1.0000001, 0],
      [0, 1.0000002],
    ]),
    2,
  );
  expect(measured).toMatchObject({ entropy: 0, confidence: 1, expected: [1, 1], uncertain: [0, 0] });
});
