import { expect, it } from 'vitest';
import { addUp, asList, countPixels, isBlank, pixelsOf } from './class-counts.js';

it('counts the classes that a label holds, and its ignored pixels as the class after the last', () => {
  const counts = countPixels(Uint8Array.of(2, 2, 0, 255, 2, 7), 7);
  expect(counts).toEqual([0, 1, 2, 3, 7, 2]);
  expect([0, 1, 2, 7].map((index) => pixelsOf(counts, index))).toEqual([1, 0, 3, 2]);
  expect(asList(counts, 7)).toEqual([1, 0, 3, 0, 0, 0, 0, 2]);
  expect(countPixels(Uint8Array.of(1, 1), 2)).toEqual([1, 2]);
});

it('adds labels up', () => {
  expect(addUp([[0, 1, 2, 3], [2, 4, 3, 5], []], 3)).toEqual({ pixels: [1, 0, 7, 5], images: [1, 0, 2, 1] });
});

it('says whether a label holds no class', () => {
  expect([[], [3, 9], [0, 1, 3, 9]].map((counts) => isBlank(counts, 3))).toEqual([true, true, false]);
});
