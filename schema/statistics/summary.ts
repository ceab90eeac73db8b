import { twoSidedQuantile } from './student.js';

/** An interval that contains the true mean with a probability of 95 %, if the values are normally distributed. */
export interface Interval {
  low: number;
  high: number;
}

/** Statistics of several values of one quantity. */
export interface Summary {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); null for one value. */
  std: number | null;
  min: number;
  max: number;
  /** The 95 % confidence interval of the mean by Student's t distribution with n − 1 degrees of freedom; null for one value. */
  interval: Interval | null;
}

export const CONFIDENCE = 0.95;

/** Describes finite values; null if there are none. */
export function summaryOf(values: readonly number[]): Summary | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = meanOf(values);
  const std = n < 2 ? null : Math.sqrt(varianceOf(values));
  const [min, max] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return { n, mean, std, min, max, interval: std === null ? null : intervalOf(mean, std / Math.sqrt(n), n - 1) };
}

/** The arithmetic mean. Values are divided before they are added, so that large ones do not overflow. */
export function meanOf(values: readonly number[]): number {
  const first = values[0]!;
  // The mean of equal values must be that value.
  if (values.every((value) => value === first)) return first;
  return first + values.reduce((sum, value) => sum + (value - first) / values.length, 0);
}

/** The sample variance (n − 1), of at least two values. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The 95 % interval around an estimate, from its standard error. */
export function intervalOf(estimate: number, error: number, degrees: number): Interval {
  const half = halfWidth(degrees) * error;
  return { low: estimate - half, high: estimate + half };
}

const widths = new Map<number, number>();

/** A table has many cells of the same few sizes. Only whole degrees are kept, of which there are few. */
function halfWidth(degrees: number): number {
  if (!Number.isInteger(degrees)) return twoSidedQuantile(CONFIDENCE, degrees);
  const known = widths.get(degrees) ?? twoSidedQuantile(CONFIDENCE, degrees);
  widths.set(degrees, known);
  return known;
}
