import { describe, expect, it } from 'vitest';
import { studentCdf, twoSidedP, twoSidedQuantile } from './student.js';
import { meanOf, summaryOf } from './summary.js';
import { pairedTest, welchTest } from './t-tests.js';

// The expected numbers are those of SciPy 1.17.1: stats.t, ttest_rel, ttest_ind(equal_var=False) and their intervals.

const relative = (value: number, expected: number) => Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-300);

describe("Student's t distribution", () => {
  it.each([
    [0, 1, 0.5],
    [1, 1, 0.75],
    [-2.5, 3, 0.04385332350403278],
    [0.001, 7, 0.5003849913775006],
    [12.706, 1, 0.9749995988209335],
    [2.228, 10, 0.9749941140914443],
    [-40, 4, 1.1670081613006339e-6],
    [1.5, 4.37, 0.8989588600580208],
    [3, 2000, 0.9986334281189836],
  ])('P(T ≤ %d) with %d degrees', (t, degrees, expected) => {
    expect(relative(studentCdf(t, degrees), expected)).toBeLessThan(1e-11);
  });

  it.each([
    [50, 3, 1.761715204127197e-5],
    [4.2, 1.8, 0.06254577695319233],
    [30, 60, 7.961667948569781e-38],
    [0, 5, 1],
    [Number.POSITIVE_INFINITY, 5, 0],
  ])('the p value of t = %d with %d degrees', (t, degrees, expected) => {
    expect(relative(twoSidedP(t, degrees), expected)).toBeLessThan(1e-11);
    expect(twoSidedP(-t, degrees)).toBe(twoSidedP(t, degrees));
  });

  it.each([
    [0.95, 1, 12.706204736174694],
    [0.95, 2, 4.302652729749462],
    [0.95, 3, 3.1824463052837078],
    [0.95, 4, 2.7764451051977934],
    [0.95, 9, 2.262157162798205],
    [0.95, 29, 2.045229642132703],
    [0.95, 2000, 1.9611508260994377],
    [0.99, 2.7, 6.533128433408452],
    [0.5, 1, 1],
  ])('the quantile of %d with %d degrees', (probability, degrees, expected) => {
    expect(relative(twoSidedQuantile(probability, degrees), expected)).toBeLessThan(1e-11);
  });
});

const CPS = [0.7321, 0.7289, 0.7402, 0.7355];
const SUPERVISED = [0.6943, 0.7011, 0.6987, 0.6899];
const paired = CPS.map((value, i) => [value, SUPERVISED[i]!] as const);

describe('a summary', () => {
  it('has the sample deviation and the interval of the mean', () => {
    const { interval, ...rest } = summaryOf(CPS)!;
    expect(rest).toEqual({
      n: 4,
      mean: 0.734175,
      std: expect.closeTo(0.004836923953643814, 14),
      min: 0.7289,
      max: 0.7402,
    });
    expect(interval!.low).toBeCloseTo(0.7264783746173941, 12);
    expect(interval!.high).toBeCloseTo(0.741871625382606, 12);
  });

  it('of one value has neither, and of none is null', () => {
    expect(summaryOf([0.5])).toEqual({ n: 1, mean: 0.5, std: null, min: 0.5, max: 0.5, interval: null });
    expect(summaryOf([])).toBeNull();
  });

  it('of equal values has no deviation, and of large ones does not overflow', () => {
    expect(summaryOf([0.1, 0.1, 0.1])).toMatchObject({ mean: 0.1, std: 0, interval: { low: 0.1, high: 0.1 } });
    expect(meanOf([1.7e308, 1.6e308])).toBeCloseTo(1.65e308, -300);
  });
});

describe('tests', () => {
  it('of pairs', () => {
    const test = pairedTest(paired);
    expect(test).toMatchObject({ test: 'PAIRED_T', degrees: 3, difference: expect.closeTo(0.038175, 12) });
    expect(test).toMatchObject({
      t: expect.closeTo(10.026182545822289, 9),
      p: expect.closeTo(0.002112153854996094, 12),
    });
    expect(test).toMatchObject({
      interval: { low: expect.closeTo(0.02605773730814647, 12), high: expect.closeTo(0.05029226269185356, 12) },
    });
  });

  it("of two groups, by Welch's formula", () => {
    const test = welchTest(CPS, SUPERVISED.slice(0, 3));
    expect(test).toMatchObject({ test: 'WELCH_T', degrees: expect.closeTo(4.999669574157423, 9) });
    expect(test).toMatchObject({ t: expect.closeTo(11.5371453469775, 9), p: expect.closeTo(8.583325639504338e-5, 12) });
    expect(test).toMatchObject({
      interval: { low: expect.closeTo(0.02808881166066017, 12), high: expect.closeTo(0.044194521672673084, 12) },
    });
  });

  it('say why they cannot be computed', () => {
    expect(pairedTest(paired.slice(0, 1))).toEqual({ reason: 'a paired t test needs at least 2 pairs; there is 1' });
    expect(pairedTest([[0.5, 0.4], [0.6, 0.5]])).toEqual({ reason: 'all 2 pairs have the same difference' }); // biome-ignore format: short
    expect(welchTest(CPS, [0.7])).toEqual({
      reason: "Welch's t test needs at least 2 runs on each side; there are 4 and 1",
    });
    expect(welchTest([0.5, 0.5], [0.4, 0.4])).toEqual({ reason: 'all runs of each side have the same value' });
  });
});
