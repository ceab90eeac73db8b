import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import { bitsThatDiffer } from '../testing/bits-that-differ.js';
import { bits, grayThumbnail, isUniformHash, perceptualHash } from './perceptual-hash.js';
import type { Pixels } from './pixels.js';
import { valueRanges } from './value-ranges.js';

/** A scene of smooth colours. */
function scene(name: string): Sharp {
  const random = randomStream(1, name);
  const small = Uint8Array.from({ length: 9 * 7 * 3 }, () => random.int(256));
  return sharp(small, { raw: { width: 9, height: 7, channels: 3 } }).resize(200, 150, { fit: 'fill' });
}

async function hashOf(image: Sharp): Promise<string> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return perceptualHash({ width: info.width, height: info.height, channels: 3, pixels: new Uint8Array(data) });
}

const gray = (width: number, height: number, valueAt: (x: number, y: number) => number) => ({
  ...{ width, height, channels: 1 as const },
  pixels: Uint8Array.from({ length: width * height }, (_, i) => valueAt(i % width, Math.floor(i / width))),
});

describe('the perceptual hash', () => {
  it('says which frequencies are above their median', () => {
    // Dark on the left: the horizontal frequencies 1 and 5 are negative, 3 and 7 are positive, all others are 0.
    const halves = gray(64, 48, (x) => (x < 32 ? 0 : 255));
    expect(perceptualHash(halves)).toBe('9100000000000000');
    expect(perceptualHash({ ...halves, pixels: Uint16Array.from(halves.pixels, (value) => value * 257) })).toBe(
      '9100000000000000',
    );
    expect(perceptualHash(gray(64, 48, (_, y) => (y < 24 ? 255 : 0)))).toBe('8080000000800000');
    for (const value of [0, 77, 255]) expect(perceptualHash(gray(50, 50, () => value))).toSatisfy(isUniformHash);
    expect(perceptualHash(halves)).not.toSatisfy(isUniformHash);
  });

  it('changes little when a picture is scaled, compressed, or made brighter', async () => {
    const original = await hashOf(scene('a'));
    const again = async (file: Sharp) => bitsThatDiffer(original, await hashOf(sharp(await file.toBuffer())));
    expect(await again(scene('a').jpeg({ quality: 40 }))).toBeLessThanOrEqual(6);
    expect(
      await again(
        sharp(await scene('a').png().toBuffer())
          .resize(90, 70, { fit: 'fill' })
          .png(),
      ),
    ).toBeLessThanOrEqual(6);
    expect(await again(scene('a').linear(0.8, 30).png())).toBeLessThanOrEqual(6);
    expect(await again(scene('b').png())).toBeGreaterThan(16);
    expect([0, 1, 2 ** 31, 0xffffffff, 0x80010203].map(bits)).toEqual([0, 1, 1, 32, 5]);
  });
});

describe('the thumbnail', () => {
  it('is the mean brightness of each cell', () => {
    const thumbnail = grayThumbnail(gray(64, 64, (x, y) => (x < 2 && y < 2 ? [0, 10, 20, 50][x + 2 * y]! : 100)));
    expect(thumbnail[0]).toBe(20);
    expect(thumbnail[1]).toBe(100);
    const colour = grayThumbnail({ width: 1, height: 1, channels: 3, pixels: Uint8Array.of(100, 200, 50) });
    expect(colour[0]).toBeCloseTo(0.299 * 100 + 0.587 * 200 + 0.114 * 50);
    const withHeat = grayThumbnail({ width: 1, height: 1, channels: 4, pixels: Uint16Array.of(257, 257, 257, 65_535) });
    expect(withHeat[5]).toBeCloseTo(1);
  });

  it('repeats the pixels of an image that is smaller', () => {
    const thumbnail = grayThumbnail(gray(2, 1, (x) => x * 90));
    expect([...thumbnail.slice(0, 32)]).toEqual([...Array(16).fill(0), ...Array(16).fill(90)]);
    expect([...thumbnail.slice(-32)]).toEqual([...thumbnail.slice(0, 32)]);
  });
});

it.each<[string, Pixels, 1 | 3 | 4, [number, number][]]>([
  ['one channel', Uint8Array.of(9, 3, 7), 1, [[3, 9]]],
  [
    'colours',
    Uint8Array.of(0, 5, 9, 255, 6, 9),
    3,
    [
      [0, 255],
      [5, 6],
      [9, 9],
    ],
  ],
  ['16 bits', Uint16Array.of(0, 255, 29_000, 65_535), 1, [[0, 65_535]]],
  [
    'thermal',
    Uint16Array.of(1, 2, 3, 29_000, 4, 5, 6, 28_000),
    4,
    [
      [1, 4],
      [2, 5],
      [3, 6],
      [28_000, 29_000],
    ],
  ],
])('the value ranges of %s are those of each channel', (_, pixels, channels, ranges) => {
  expect(valueRanges(pixels, channels)).toEqual(ranges);
});
