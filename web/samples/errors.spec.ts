import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { paintErrors } from './errors.js';

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const ignored = [0, 0, 0, 0];
const image = (...pixels: number[][]) => ({
  width: pixels.length,
  height: 1,
  data: new Uint8ClampedArray(pixels.flat()),
});

beforeAll(() => loadLanguage('en'));

describe('the map of errors', () => {
  it('marks pixels that differ, but never an ignored pixel', () => {
    const target = new Uint8ClampedArray(12);
    const errors = paintErrors(image(red, blue, ignored), image(red, red, red), '#0a141e', target);
    expect(errors).toBe(1);
    expect([...target]).toEqual([0, 0, 0, 0, 10, 20, 30, 255, 0, 0, 0, 0]);
  });

  it('rejects images of different sizes', () => {
    expect(() => paintErrors(image(red), image(red, red), '#000000', new Uint8ClampedArray(8))).toThrow(
      '1 x 1 and 2 x 1',
    );
  });
});
