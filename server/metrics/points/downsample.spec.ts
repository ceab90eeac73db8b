import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.js';

const series = (values: number[]) => ({
  steps: values.map((_, index) => index * 5),
  values,
  times: values.map((_, index) => index * 1000),
});
const wave = (count: number) => series(Array.from({ length: count }, (_, index) => Math.sin(index / 50)));

describe('downsample', () => {
  it('does not change a short history', () => {
    const history = wave(500);
    expect(downsample(history, 500)).toEqual(history);
  });

  it.each([1, 2, 3, 4, 5, 10, 99, 500])(
    'never answers more than %i points, and the newest is among them',
    (maxPoints) => {
      const { steps, values } = downsample(wave(10_000), maxPoints);
      expect(steps.length).toBeLessThanOrEqual(maxPoints);
      expect(values.length).toBe(steps.length);
      expect(steps.at(-1)).toBe(9_999 * 5);
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    },
  );

  it.each([4, 50])('keeps a spike up and a spike down within %i points', (maxPoints) => {
    const history = wave(10_000);
    history.values[1234] = 40;
    history.values[7777] = -40;
    const reduced = downsample(history, maxPoints);
    expect(reduced.steps).toContain(1234 * 5);
    expect(reduced.steps).toContain(7777 * 5);
    expect(Math.max(...reduced.values)).toBe(40);
    expect(Math.min(...reduced.values)).toBe(-40);
  });

  it('keeps NaN and infinities as well as the extremes', () => {
    const history = wave(1000);
    history.values.splice(300, 4, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
    const { values, steps } = downsample(history, 5);
    expect(steps).toEqual([0, 1500, 1505, 1510, 4995]);
    expect(values).toEqual([0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, history.values[999]]);
  });

  it('reduces a history that is all NaN', () => {
    const { values } = downsample(series(new Array(1000).fill(Number.NaN)), 20);
    expect(values.length).toBeGreaterThan(5);
    expect(values.every(Number.isNaN)).toBe(true);
  });
});
