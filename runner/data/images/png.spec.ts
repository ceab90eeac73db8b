import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePalettePng, encodeRgbPng } from './png.js';
import { readPng, writePng } from './png-chunks.js';
import { decodeLabelPng } from './png-labels.js';

const classes = [
  { name: 'sky', color: [1, 2, 3] as [number, number, number] },
  { name: 'road', color: [250, 128, 7] as [number, number, number] },
];

function png(width: number, height: number, depth: number, colorType: number, rows: number[], interlace = 0) {
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, depth, colorType, 0, 0, interlace]);
  return writePng([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: deflateSync(Buffer.from(rows)) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

describe('encodePalettePng', () => {
  const labels = Uint8Array.of(0, 1, 255, 1, 0, 0);

  it('stores the class indices', async () => {
    const bytes = await encodePalettePng(labels, 3, 2, classes, 255);
    expect(await decodeLabelPng(bytes)).toMatchObject({ width: 3, height: 2, labels });
  });

  it('shows the class colours, and ignored pixels as transparent black, in any reader', async () => {
    const bytes = await encodePalettePng(labels, 3, 2, classes, 255);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2, channels: 4 });
    expect([...data.subarray(0, 12)]).toEqual([1, 2, 3, 255, 250, 128, 7, 255, 0, 0, 0, 0]);
  });

  it('accepts any ignore index above the classes', async () => {
    const bytes = await encodePalettePng(Uint8Array.of(2, 1), 2, 1, classes, 2);
    expect((await decodeLabelPng(bytes)).labels).toEqual(Uint8Array.of(2, 1));
  });

  it('refuses a value that is not a valid class, and a wrong size', async () => {
    await expect(encodePalettePng(Uint8Array.of(0, 7), 2, 1, classes, 255)).rejects.toThrow(/label 7 at x 1, y 0/);
    await expect(encodePalettePng(labels, 4, 2, classes, 255)).rejects.toThrow('expected 8 values, got 6');
  });
});

describe('encodeRgbPng', () => {
  it('is lossless', async () => {
    const pixels = Uint8Array.from({ length: 18 }, (_, i) => i * 14);
    const back = await sharp(await encodeRgbPng(pixels, 3, 2))
      .raw()
      .toBuffer();
    expect([...back]).toEqual([...pixels]);
    await expect(encodeRgbPng(pixels, 3, 3)).rejects.toThrow('expected 27 values, got 18');
  });
});

describe('decodeLabelPng', () => {
  it.each([1, 2, 3, 4])('undoes row filter %i like libvips', async (filter) => {
    // The same filtered bytes, decoded here and by libvips.
    const rows = [filter, 10, 20, 30, 40, filter, 1, 2, 3, 250, filter, 9, 200, 7, 6];
    const bytes = png(4, 3, 8, 0, rows);
    const reference = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
    expect([...(await decodeLabelPng(bytes)).labels]).toEqual([...reference]);
  });

  it('unpacks pixels with 1, 2 and 4 bits to their raw values', async () => {
    expect([...(await decodeLabelPng(png(5, 1, 1, 3, [0, 0b10110000]))).labels]).toEqual([1, 0, 1, 1, 0]);
    expect([...(await decodeLabelPng(png(3, 1, 2, 0, [0, 0b11011000]))).labels]).toEqual([3, 1, 2]);
    expect([...(await decodeLabelPng(png(3, 1, 4, 3, [0, 0xa3, 0xf0]))).labels]).toEqual([10, 3, 15]);
  });

  it('refuses a file that is not a label map, and says what to save instead', async () => {
    await expect(decodeLabelPng(await encodeRgbPng(new Uint8Array(12), 2, 2))).rejects.toThrow(
      /the label PNG is 8-bit RGB; save class/,
    );
    await expect(decodeLabelPng(png(1, 1, 16, 0, [0, 0, 0]))).rejects.toThrow('16-bit grayscale');
    await expect(decodeLabelPng(png(1, 1, 8, 0, [0, 0], 1))).rejects.toThrow('interlaced');
    await expect(decodeLabelPng(Buffer.from('hello'))).rejects.toThrow('not a PNG');
  });

  it('refuses damaged files', async () => {
    const good = png(2, 2, 8, 0, [0, 1, 2, 0, 3, 4]);
    const flipped = Uint8Array.from(good);
    flipped[good.length - 20]! ^= 1;
    await expect(decodeLabelPng(flipped)).rejects.toThrow(/checksum in its IDAT/);
    await expect(decodeLabelPng(good.subarray(0, good.length - 16))).rejects.toThrow('truncated');
    await expect(decodeLabelPng(png(2, 2, 8, 0, [0, 1, 2]))).rejects.toThrow('has 3 of 6 bytes');
    await expect(decodeLabelPng(png(2, 1, 8, 0, [9, 1, 2]))).rejects.toThrow('row filter 9');
    expect(readPng(good).map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
  });
});
