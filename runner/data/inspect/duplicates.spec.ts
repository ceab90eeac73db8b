import { expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import { bitsThatDiffer } from '../testing/bits-that-differ.js';
import { HashIndex, NEAR_BITS } from './duplicates.js';

const random = randomStream(1, 'hashes');
const randomHash = () => Array.from({ length: 16 }, () => random.int(16).toString(16)).join('');

/** The same hash with some bits changed. */
function changed(hash: string, count: number): string {
  const digits = [...hash].map((digit) => Number.parseInt(digit, 16));
  const bits = random.shuffle(Array.from({ length: 64 }, (_, bit) => bit)).slice(0, count);
  for (const bit of bits) digits[bit >> 2]! ^= 1 << (bit & 3);
  return digits.map((digit) => digit.toString(16)).join('');
}

it.each([0, 3, NEAR_BITS])('finds the same hashes as a comparison of all, up to %i bits', (most) => {
  const hashes = Array.from({ length: 500 }, randomHash);
  const index = new HashIndex(hashes, most);
  const found: number[] = [];
  for (let query = 0; query < 300; query++) {
    const hash = changed(hashes[random.int(500)]!, random.int(most + 3));
    const distances = hashes.map((each) => bitsThatDiffer(each, hash));
    const distance = Math.min(...distances);
    const expected = distance <= most ? { index: distances.indexOf(distance), distance } : null;
    expect(index.nearest(hash)).toEqual(expected);
    if (expected) found.push(distance);
  }
  expect(found.length).toBeGreaterThan(50);
  expect(found.length).toBeLessThan(300);
});

it('names the first of several hashes that are equally similar', () => {
  const hash = 'ffff0000ffff0000';
  const index = new HashIndex(['7fff0000ffff0000', 'ffff0000ffff0001', '0000000000000000'], 4);
  expect(index.nearest(hash)).toEqual({ index: 0, distance: 1 });
  expect(new HashIndex([], 4).nearest(hash)).toBeNull();
});
