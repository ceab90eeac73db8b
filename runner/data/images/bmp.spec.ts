import { describe, expect, it } from 'vitest';
import { decodeBmp } from './bmp.js';
import { decodeImage } from './decode-image.js';
import { decodeLabel } from './decode-label.js';

interface BmpParts {
  width: number;
  /** Negative: rows go from top to bottom. */
  height: number;
  bits: number;
  compression?: number;
  /** Blue, green, red and 0 for each value. */
  palette?: number[];
  /** What follows the header of 40 bytes: masks, or a longer header's fields. */
  more?: number[];
  rows: number[][];
}

/** Writes a BMP file as the format's documentation describes it. */
function bmp({ width, height, bits, compression = 0, palette = [], more = [], rows }: BmpParts): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = 54 + more.length + palette.length;
  const file = Buffer.alloc(start + stride * rows.length);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  // Masks belong to a header of 40 bytes, or are fields of a longer one.
  file.writeUInt32LE(more.length > 12 ? 40 + more.length : 40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.writeUInt32LE(compression, 30);
  file.writeUInt32LE(palette.length / 4, 46);
  file.set([...more, ...palette], 54);
  for (const [index, row] of rows.entries()) file.set(row, start + index * stride);
  return file;
}

/** Little endian. */
const mask = (byte: number) => [0, 1, 2, 3].map((each) => (each === byte ? 255 : 0));
/** Red, green; blue, white. */
const FOUR = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const BLUE_WHITE = [255, 0, 0, 255, 255, 255];
const RED_GREEN = [0, 0, 255, 0, 255, 0];
const withFourth = (row: number[]) => [...row.slice(0, 3), 9, ...row.slice(3), 9];

describe('decodeBmp', () => {
  it.each<[string, BmpParts]>([
    ['24 bits, from bottom to top', { width: 2, height: 2, bits: 24, rows: [BLUE_WHITE, RED_GREEN] }],
    ['24 bits, from top to bottom', { width: 2, height: -2, bits: 24, rows: [RED_GREEN, BLUE_WHITE] }],
    ['32 bits', { width: 2, height: -2, bits: 32, rows: [withFourth(RED_GREEN), withFourth(BLUE_WHITE)] }],
    [
      '32 bits with masks in another order',
      {
        ...{ width: 2, height: -2, bits: 32, compression: 3 },
        more: [...mask(0), ...mask(1), ...mask(2)],
        rows: [
          [255, 0, 0, 9, 0, 255, 0, 9],
          [0, 0, 255, 9, 255, 255, 255, 9],
        ],
      },
    ],
    [
      'a header of 124 bytes',
      {
        ...{ width: 2, height: 2, bits: 24, more: Array<number>(84).fill(7) },
        rows: [BLUE_WHITE, RED_GREEN],
      },
    ],
    [
      '8 bits with a palette of colours',
      {
        ...{ width: 2, height: -2, bits: 8, palette: [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0] },
        rows: [
          [0, 1],
          [2, 3],
        ],
      },
    ],
  ])('reads colours: %s', async (_, parts) => {
    const { pixels, width, height } = await decodeImage(bmp(parts), 3);
    expect([width, height]).toEqual([2, 2]);
    expect([...pixels]).toEqual(FOUR);
  });

  it.each([
    [1, [0b10100000], [1, 0, 1]],
    [4, [0x3f, 0x50], [3, 15, 5]],
    [8, [7, 255, 0], [7, 255, 0]],
  ])('reads the values of a label of %i bits, and not the colours of its palette', async (bits, row, values) => {
    const palette = Array.from({ length: 4 << bits }, (_, at) => (at * 3) % 256);
    const label = await decodeLabel(bmp({ width: 3, height: 1, bits, palette, rows: [row] }));
    expect(label).toMatchObject({ kind: 'values', width: 3, height: 1, labels: Uint8Array.from(values) });
    // Red, green and blue of the value 1.
    expect(label.kind === 'values' && [...label.palette!.slice(3, 6)]).toEqual([18, 15, 12]);
  });

  it('reads gray images as one channel', async () => {
    const palette = Array.from({ length: 1024 }, (_, at) => (at % 4 === 3 ? 0 : at >> 2));
    const file = bmp({ width: 3, height: 1, bits: 8, palette, rows: [[7, 255, 0]] });
    expect([...(await decodeImage(file, 1)).pixels]).toEqual([7, 255, 0]);
    expect([...(await decodeImage(file, 3)).pixels]).toEqual([7, 7, 7, 255, 255, 255, 0, 0, 0]);
  });

  const whole = bmp({ width: 2, height: 2, bits: 24, rows: [BLUE_WHITE, RED_GREEN] });
  it.each([
    ['a file that is cut off', whole.subarray(0, whole.length - 1), 'damaged or cut off'],
    ['a header that is cut off', whole.subarray(0, 30), 'damaged or cut off'],
    [
      '16 bits',
      bmp({ width: 2, height: 1, bits: 16, rows: [[1, 2, 3, 4]] }),
      '16 bits per pixel, compression 0); save it as PNG',
    ],
    [
      'run lengths',
      bmp({ width: 2, height: 1, bits: 8, compression: 1, rows: [[2, 1]] }),
      'compression 1); save it as PNG',
    ],
    [
      'masks that are not bytes',
      bmp({ width: 1, height: 1, bits: 32, compression: 3, more: Array<number>(12).fill(3), rows: [[0, 0, 0, 0]] }),
      'unusual colour masks',
    ],
    ['an impossible size', bmp({ width: 1 << 20, height: 1 << 20, bits: 1, rows: [] }), 'invalid size 1048576x1048576'],
  ])('refuses %s', (_, file, message) => {
    expect(() => decodeBmp(file)).toThrow(message);
  });

  it('refuses a label whose fourth bytes differ, and reads one in which they are the same', async () => {
    const parts = { width: 2, height: -1, bits: 32 };
    const label = bmp({ ...parts, rows: [withFourth(RED_GREEN)] });
    expect(await decodeLabel(label)).toMatchObject({ kind: 'colours', width: 2, height: 1 });
    const uneven = bmp({ ...parts, rows: [[...withFourth(RED_GREEN).slice(0, -1), 0]] });
    await expect(decodeLabel(uneven)).rejects.toThrow('the label is transparent in part');
  });
});
