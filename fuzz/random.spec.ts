import { expect, it } from 'vitest';
import { Random } from './random.js';

const numbers = Array.from({ length: 100 }, (_, i) => i);

it('repeats with the same seed, and differs with another', () => {
  const order = (seed: number) => new Random(seed).shuffled(numbers);
  expect(order(7)).toEqual(order(7));
  expect(order(7)).not.toEqual(order(8));
});

it('shuffles without losing or repeating anything, and picks every entry', () => {
  const random = new Random(1);
  expect(random.shuffled(numbers).sort((a, b) => a - b)).toEqual(numbers);
  const picked = new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])));
  expect([...picked].sort()).toEqual(['a', 'b', 'c']);
});

it('draws numbers in [0, 1), evenly', () => {
  const random = new Random(3);
  const drawn = Array.from({ length: 10_000 }, () => random.next());
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  expect(drawn.reduce((sum, each) => sum + each, 0) / drawn.length).toBeCloseTo(0.5, 1);
});
