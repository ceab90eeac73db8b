import { expect, it } from 'vitest';
import type { LabelledImage } from '../dataset.js';
import { shrink } from './rescale.js';

function gray(width: number, height: number, values: number[]): LabelledImage {
  return {
    id: 'image',
    width,
    height,
    channels: 3,
    pixels: Uint8Array.from(values.flatMap((value) => [value, 255 - value, 7])),
    labels: Uint8Array.from(values, (_, i) => i),
  };
}

it('at scale 0.5, takes the mean of four pixels and the label right below their centre', () => {
  const small = shrink(gray(4, 2, [0, 10, 100, 102, 20, 30, 104, 106]), 0.5);
  expect([small.width, small.height]).toEqual([2, 1]);
  expect([...small.pixels]).toEqual([15, 240, 7, 103, 152, 7]);
  expect([...small.labels]).toEqual([5, 7]);
});

it('weights pixels that are partly covered', () => {
  // Three pixels become two. Each covers one old pixel and half of the middle one.
  const small = shrink(gray(3, 1, [0, 90, 180]), 2 / 3);
  expect([...small.pixels].filter((_, i) => i % 3 === 0)).toEqual([30, 150]);
  expect([...small.labels]).toEqual([0, 2]);
});

it('keeps a constant image constant at any size', () => {
  const image = {
    id: 'flat',
    width: 37,
    height: 23,
    channels: 3 as const,
    pixels: new Uint8Array(37 * 23 * 3).fill(201),
    labels: new Uint8Array(37 * 23),
  };
  for (const scale of [0.9, 0.5, 0.37, 0.01]) expect(new Set(shrink(image, scale).pixels)).toEqual(new Set([201]));
});

it('scales every channel, and keeps 16 bits', () => {
  const pixels = Uint16Array.from([0, 1, 2, 3, 1000, 1001, 1002, 60_000]);
  const image: LabelledImage = { id: 'four', width: 2, height: 1, channels: 4, pixels, labels: Uint8Array.of(0, 1) };
  expect(shrink(image, 0.5)).toMatchObject({ width: 1, channels: 4, pixels: Uint16Array.of(500, 501, 502, 30_002) });
});
