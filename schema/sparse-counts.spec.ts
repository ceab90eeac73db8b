import { describe, expect, it } from 'vitest';
import { readSparseCounts, SparseCountsWriter } from './sparse-counts.js';

function written(...images: number[][]): Uint8Array {
  const writer = new SparseCountsWriter();
  for (const counts of images) writer.add(counts);
  return writer.toBytes();
}

/** The images as they were written. */
function dense(bytes: Uint8Array, images: number, classes: number): number[][] {
  const { starts, cells, pixels } = readSparseCounts(bytes, images, classes);
  return Array.from({ length: images }, (_, image) => {
    const counts = new Array<number>(classes ** 2).fill(0);
    for (let i = starts[image]!; i < starts[image + 1]!; i++) counts[cells[i]!] = pixels[i]!;
    return counts;
  });
}

describe('sparse counts', () => {
  it('have the bytes that the protocol describes', () => {
    expect([...written([0, 5, 0, 300], [0, 0, 0, 0], [1, 0, 0, 0])]).toEqual([2, 2, 5, 2, 0xac, 2, 0, 1, 1, 1]);
  });

  it('are read as they were written, whatever their size', () => {
    const random = (seed: number) => ((seed * 7919) % 1009) / 1009;
    const images = Array.from({ length: 12 }, (_, image) =>
      Array.from({ length: 20 ** 2 }, (__, cell) =>
        random(image * 31 + cell) > 0.2 * (image % 4) ? 0 : Math.floor(2 ** (53 * random(cell + image)) - 1),
      ),
    );
    expect(dense(written(...images), images.length, 20)).toEqual(images);
    expect(dense(written(), 0, 20)).toEqual([]);
    const largest = new Array<number>(255 ** 2).fill(Number.MAX_SAFE_INTEGER);
    const { cells, pixels } = readSparseCounts(written(largest), 1, 255);
    expect(cells.every((cell, i) => cell === i && pixels[i] === Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(cells).toHaveLength(largest.length);
  });

  it.each([
    ['too few images', [0], 2, 'the bytes end in image 1 of 2'],
    ['half a number', [1, 1, 0x80], 1, 'the bytes end in image 0 of 1'],
    ['more images than there are', [0, 0, 0], 1, '2 bytes follow the last of 1 images'],
    ['a cell twice', [2, 2, 1, 0, 1], 1, 'image 0 has the cell 1 twice'],
    ['a cell outside of the matrix', [2, 4, 1, 1, 1], 1, 'image 0 has the cell 4, but 2 classes have 4'],
    ['an empty cell', [1, 3, 0], 1, 'image 0 has 0 pixels in the cell 2'],
    ['an endless number', new Array(9).fill(0xff), 1, 'image 0 has a number above 2^53 - 1'],
    ['a number that is too large', [1, 1, ...new Array(7).fill(0xff), 0x10], 1, 'image 0 has a number above 2^53 - 1'],
    ['an enormous number of cells', [0xff, 0xff, 0xff, 0x7f, 1, 1], 1, 'the bytes end in image 0 of 1'],
  ])('with %s are refused', (_, bytes, images, message) => {
    expect(() => readSparseCounts(Uint8Array.from(bytes), images, 2)).toThrow(message);
  });
});
