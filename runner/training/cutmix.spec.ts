import { describe, expect, it } from 'vitest';
import { randomStream } from '../random/random.js';
import { boxAround, centredBox, cutmixBox, cutmixMask } from './cutmix.js';

const HEIGHT = 48;
const WIDTH = 64;

function masks(count: number, boxes: number, areaShare: [number, number]): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    cutmixMask(randomStream(0, 'cutmix', index), HEIGHT, WIDTH, { boxes, areaShare }),
  );
}

const share = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0) / mask.length;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('cutmixMask', () => {
  it('covers about a quarter of the image with the three boxes of the CPS paper', () => {
    const drawn = masks(1000, 3, [0.25, 0.5]);
    const covered = mean(drawn.map(share));
    expect(covered).toBeGreaterThan(0.22);
    expect(covered).toBeLessThan(0.32);
    expect(drawn.every((mask) => mask.every((value) => value === 0 || value === 1))).toBe(true);
    expect(new Set(drawn.map((mask) => mask.join(''))).size).toBe(1000);
  });

  it('draws one rectangle of the requested share', () => {
    for (const mask of masks(200, 1, [0.5, 0.5])) {
      expect(share(mask)).toBeCloseTo(0.5, 1);
      const rows = new Set<string>();
      for (let y = 0; y < HEIGHT; y++) rows.add(mask.subarray(y * WIDTH, (y + 1) * WIDTH).join(''));
      // All rows through a rectangle are equal, and so are all other rows.
      expect(rows.size).toBeLessThanOrEqual(2);
    }
  });

  it('draws areas uniformly between the limits', () => {
    expect(mean(masks(1000, 1, [0.25, 0.5]).map(share))).toBeCloseTo(0.375, 2);
    expect(mean(masks(10, 1, [1, 1]).map(share))).toBe(1);
  });

  it('combines boxes by XOR: the overlap of two boxes is not covered', () => {
    // Two boxes of the whole area shrink to 0.71 of each side, so both always contain the centre.
    for (const mask of masks(100, 2, [1, 1])) {
      expect(mask[(HEIGHT / 2) * WIDTH + WIDTH / 2]).toBe(0);
    }
    // With three boxes, the centre is covered an odd number of times.
    for (const mask of masks(100, 3, [1, 1])) expect(mask[(HEIGHT / 2) * WIDTH + WIDTH / 2]).toBe(1);
  });
});

describe('cutmixBox', () => {
  it.each([
    [48, 64],
    [32, 1024],
  ])('draws one box within an image of %i x %i that covers 0.02 to 0.4 of it', (height, width) => {
    const boxes = Array.from({ length: 100 }, (_, index) => cutmixBox(randomStream(0, 'box', index), height, width));
    for (const box of boxes) {
      const at = [...box.keys()].filter((i) => box[i] === 1);
      const rows = at.map((i) => Math.floor(i / width));
      const columns = at.map((i) => i % width);
      const sides = [rows, columns].map((places) => Math.max(...places) - Math.min(...places) + 1);
      expect(sides[0]! * sides[1]!).toBe(at.length);
      expect(share(box)).toBeLessThanOrEqual(0.4);
      // Less than a row and a column is lost to rounding.
      expect((sides[0]! + 1) * (sides[1]! + 1)).toBeGreaterThan(0.02 * height * width);
    }
    expect(mean(boxes.map(share))).toBeGreaterThan(0.1);
  });
});

describe('boxAround', () => {
  const around = (object: Parameters<typeof boxAround>[1], index: number) =>
    boxAround(randomStream(0, 'around', index), object, { height: HEIGHT, width: WIDTH, share: 0.25 });
  const corners = (mask: Uint8Array) => {
    const covered = [...mask.keys()].filter((at) => mask[at] === 1);
    const [columns, rows] = [covered.map((at) => at % WIDTH), covered.map((at) => Math.floor(at / WIDTH))];
    const box = {
      left: Math.min(...columns),
      top: Math.min(...rows),
      right: Math.max(...columns) + 1,
      bottom: Math.max(...rows) + 1,
    };
    return { ...box, pixels: covered.length };
  };

  it('draws one box of the requested share that contains the object, anywhere around it', () => {
    const object = { left: 30, top: 10, right: 34, bottom: 14 };
    const places = new Set<string>();
    for (let index = 0; index < 200; index++) {
      const { left, top, right, bottom, pixels } = corners(around(object, index));
      expect(pixels).toBe((right - left) * (bottom - top));
      expect(pixels / (HEIGHT * WIDTH)).toBeCloseTo(0.25, 1);
      expect([left <= 30, top <= 10, right >= 34, bottom >= 14]).toEqual([true, true, true, true]);
      places.add(`${left} ${top}`);
    }
    expect(places.size).toBeGreaterThan(100);
  });

  it('grows until it contains an object that is larger than its share, and stays inside the image', () => {
    const wide = corners(around({ left: 0, top: 40, right: WIDTH, bottom: HEIGHT }, 0));
    expect(wide).toMatchObject({ left: 0, right: WIDTH, bottom: HEIGHT });
    const all = { left: 0, top: 0, right: WIDTH, bottom: HEIGHT };
    expect(corners(around(all, 1))).toEqual({ ...all, pixels: HEIGHT * WIDTH });
  });
});

describe('centredBox', () => {
  it.each([
    [48, 64],
    [33, 90],
  ])('covers a share of an image of %i x %i with its aspect ratio, and is cut off at the border', (height, width) => {
    const boxes = Array.from({ length: 400 }, (_, i) => centredBox(randomStream(0, 'centred', i), height, width, 0.25));
    const sides = boxes.map((box) => {
      const at = [...box.keys()].filter((i) => box[i] === 1);
      const rows = at.map((i) => Math.floor(i / width));
      const columns = at.map((i) => i % width);
      const size = [rows, columns].map((places) => Math.max(...places) - Math.min(...places) + 1);
      // A rectangle has no holes.
      expect(at).toHaveLength(size[0]! * size[1]!);
      return { size, left: Math.min(...columns), right: Math.max(...columns) };
    });
    const [rows, columns] = [height, width].map((side) => 2 * Math.floor(Math.floor(side / 2) / 2));
    expect(Math.max(...sides.map(({ size }) => size[0]!))).toBe(rows);
    expect(Math.max(...sides.map(({ size }) => size[1]!))).toBe(columns);
    // Many reach no border. The smallest at the right is half a box; none has its centre in the first eighth.
    expect(sides.filter(({ size }) => size[0] === rows && size[1] === columns).length).toBeGreaterThan(100);
    expect(Math.min(...sides.map(({ size }) => size[1]!))).toBeGreaterThanOrEqual(columns! / 2);
    expect(Math.max(...sides.map(({ right }) => right))).toBe(width - 1);
    expect(Math.min(...sides.map(({ right }) => right))).toBeGreaterThanOrEqual(
      Math.floor(width / 8) + columns! / 2 - 1,
    );
  });

  it('is empty for a share of nearly 0', () => {
    expect(mean([...centredBox(randomStream(0), HEIGHT, WIDTH, 1e-6)])).toBe(0);
  });
});
