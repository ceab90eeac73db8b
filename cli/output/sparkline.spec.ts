import { describe, expect, it } from 'vitest';
import { bar, sparkline } from './sparkline.js';

const steps = (count: number) => Array.from({ length: count }, (_, step) => 10 * step);

describe('sparkline', () => {
  it.each<[number[], string]>([
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[3, -1, 3], '█▁█'],
    [[5, 5, 5], '▁▁▁'],
    [[2], '▁'],
    [[], ''],
    [[1, Number.NaN, 2, Number.POSITIVE_INFINITY], '▁×█×'],
    [[Number.NaN], '×'],
  ])('%j', (values, line) => {
    expect(sparkline(steps(values.length), values, 20)).toBe(line);
  });

  it('has at most the given width, and the last value of each part', () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(sparkline(steps(100), values, 4)).toBe('▃▄▆█');
    expect(sparkline(steps(100), values, 1)).toBe('█');
  });

  it('places values by their steps', () => {
    expect(sparkline([0, 10, 90, 100], [0, 7, 0, 7], 4)).toBe('██' + '█' + '█');
    expect(sparkline([0, 90, 95, 100], [7, 0, 0, 7], 4)).toBe('████');
    expect(sparkline([0, 50, 60, 100], [7, 0, 0, 7], 4)).toBe('██▁█');
  });
});

it.each<[number, string]>([
  [0, '    '],
  [0.5, '██  '],
  [1, '████'],
  [2, '████'],
  [-1, '    '],
  [0.28125, '█▏  '],
  [0.96875, '███▉'],
])('a bar of %d is "%s"', (share, expected) => {
  expect(bar(share, 4)).toBe(expected);
});
