import { expect, it } from 'vitest';
import { mostProbable } from '../predictions.js';
import { doubtsOf, MOST_DOUBTS } from './label-doubts.js';

const CLASSES = 3;

/** A label map or prediction drawn in digits; a dot is an ignored pixel. */
const drawn = (...rows: string[]) => Uint8Array.from(rows.join(''), (each) => (each === '.' ? 255 : Number(each)));

/** A network that gives 0.8 to the drawn class and 0.1 to each other. */
function predicting(...rows: string[]) {
  const labels = drawn(...rows);
  const probabilities = new Float32Array(labels.length * CLASSES).fill(0.1);
  for (const [i, label] of labels.entries()) probabilities[i * CLASSES + label] = 0.8;
  return { probabilities, labels: mostProbable(probabilities, CLASSES) };
}

it('finds the parts of a label that the network takes for something else', () => {
  const labels = drawn('000011', '000011', '000011', '222..1', '222..1');
  const prediction = predicting('000011', '022011', '022011', '222111', '222111');
  expect(doubtsOf(labels, { width: 6, height: 5 }, prediction, CLASSES)).toEqual([
    {
      ...{ classIndex: 0, takenFor: 2, pixels: 4, left: 1, top: 1, right: 3, bottom: 3 },
      labelProbability: expect.closeTo(0.1, 6),
      otherProbability: expect.closeTo(0.8, 6),
    },
  ]);
});

it('joins what touches at a corner, whatever it is taken for, and separates labels', () => {
  const labels = drawn('00001', '00001', '00001', '11111');
  const prediction = predicting('11001', '12001', '00110', '11000');
  const found = doubtsOf(labels, { width: 5, height: 4 }, prediction, CLASSES);
  expect(found.map(({ classIndex, takenFor, pixels }) => ({ classIndex, takenFor, pixels }))).toEqual([
    { classIndex: 0, takenFor: 1, pixels: 6 },
    { classIndex: 1, takenFor: 0, pixels: 4 },
  ]);
});

it('leaves out what is smaller than four pixels, and all but the most suspicious', () => {
  const side = 4 * MOST_DOUBTS + 8;
  const row = (y: number) => Array.from({ length: side }, (_, x) => (x % 4 < 2 && y < 2 ? 1 : 0)).join('');
  const rows = Array.from({ length: 4 }, (_, y) => row(y));
  const prediction = predicting(...rows);
  const labels = new Uint8Array(side * rows.length);
  expect(doubtsOf(labels, { width: side, height: 4 }, prediction, CLASSES)).toHaveLength(MOST_DOUBTS);
  const thin = predicting('0111', '0000');
  expect(doubtsOf(new Uint8Array(8), { width: 4, height: 2 }, thin, CLASSES)).toEqual([]);
});
