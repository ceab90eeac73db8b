import { expect, it } from 'vitest';
import { pictureOf } from './picture.js';
import type { Channels, Pixels } from './pixels.js';

const shown = (channels: Channels, pixels: Pixels) => [...pictureOf({ channels, pixels })];

it('shows colours unchanged, drops a fourth channel, and reduces 16 bits to 8', () => {
  expect(shown(3, Uint8Array.of(0, 1, 254, 3, 4, 255))).toEqual([0, 1, 254, 3, 4, 255]);
  expect(shown(3, Uint16Array.of(0, 257, 65_535))).toEqual([0, 1, 255]);
  expect(shown(4, Uint8Array.of(1, 2, 3, 99, 4, 5, 6, 88))).toEqual([1, 2, 3, 4, 5, 6]);
});

it('stretches a single channel from its smallest to its largest value', () => {
  expect(shown(1, Uint16Array.of(29_000, 29_010, 29_050))).toEqual([0, 0, 0, 51, 51, 51, 255, 255, 255]);
  expect(shown(1, Uint8Array.of(7, 7))).toEqual([0, 0, 0, 0, 0, 0]);
});
