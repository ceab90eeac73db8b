import { twoSidedP } from './student.js';
import { type Interval, intervalOf, meanOf, varianceOf } from './summary.js';

/** A two-sided test of whether two means differ. */
export interface TTest {
  test: 'PAIRED_T' | 'WELCH_T';
  /** The mean of the first values minus that of the second. */
  difference: number;
  /** The 95 % confidence interval of the difference. */
  interval: Interval;
  t: number;
  degrees: number;
  p: number;
}

/** Why there is no test. */
export interface NoTest {
  reason: string;
}

/** Student's paired t test. Each pair is a value and the one that it is compared with. */
export function pairedTest(pairs: readonly (readonly [number, number])[]): TTest | NoTest {
  if (pairs.length < 2) return { reason: `a paired t test needs at least 2 pairs; there is ${pairs.length || 'none'}` };
  const differences = pairs.map(([value, other]) => value - other);
  const error = Math.sqrt(varianceOf(differences) / pairs.length);
  if (isNone(error, pairs.flat())) return { reason: `all ${pairs.length} pairs have the same difference` };
  return result('PAIRED_T', meanOf(differences), error, pairs.length - 1);
}

/** Welch's t test, with the degrees of freedom of Welch and Satterthwaite. The variances need not be equal. */
export function welchTest(values: readonly number[], others: readonly number[]): TTest | NoTest {
  if (values.length < 2 || others.length < 2) {
    return {
      reason: `Welch's t test needs at least 2 runs on each side; there are ${values.length} and ${others.length}`,
    };
  }
  const a = varianceOf(values) / values.length;
  const b = varianceOf(others) / others.length;
  const error = Math.sqrt(a + b);
  if (isNone(error, [...values, ...others])) return { reason: 'all runs of each side have the same value' };
  const share = a / (a + b);
  const degrees = 1 / (share ** 2 / (values.length - 1) + (1 - share) ** 2 / (others.length - 1));
  return result('WELCH_T', meanOf(values) - meanOf(others), error, degrees);
}

function result(test: TTest['test'], difference: number, error: number, degrees: number): TTest {
  const t = difference / error;
  return { test, difference, interval: intervalOf(difference, error, degrees), t, degrees, p: twoSidedP(t, degrees) };
}

/** Whether a standard error is only the rounding error of differences between equal numbers of this size. */
function isNone(error: number, values: readonly number[]): boolean {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return !(error > largest * 4 * Number.EPSILON);
}
