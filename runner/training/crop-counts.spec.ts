import { expect, it } from 'vitest';
import { CropCounter } from './crop-counts.js';

it('counts the crops that hold each class, and starts again after each report', () => {
  const counter = new CropCounter(3);
  expect(counter.drain()).toBeNull();
  counter.add({ count: 2, labels: Uint8Array.of(0, 0, 255, 2, 0, 255, 255, 255) });
  counter.add({ count: 1, labels: Uint8Array.of(2, 2, 2, 2) });
  expect(counter.drain()).toEqual({ crops: 3, cropsWithClass: [2, 0, 2] });
  expect(counter.drain()).toBeNull();
});
