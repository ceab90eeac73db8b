import { expect, it } from 'vitest';
import { Confidence } from './confidence.js';

it('is the mean probability of the true class, over the pixels of each class that are not ignored', () => {
  const confidence = new Confidence(3);
  confidence.add(Uint8Array.of(0, 1), Float32Array.of(0.5, 0.25, 0.25, 0.25, 0.75, 0));
  confidence.add(Uint8Array.of(0, 255), Float32Array.of(1, 0, 0, 0, 0, 1));
  expect(confidence.means()).toEqual([0.75, 0.75, null]);
});
