import type { Statistic } from './evaluations.types.js';

/** Mean and sample standard deviation (n - 1) of the values that are not null; null if all of them are. */
export function statisticOf(values: readonly (number | null)[]): Statistic | null {
  const present = values.filter((value) => value !== null);
  const n = present.length;
  if (n === 0) return null;
  const mean = present.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, std: null, n };
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (n - 1)), n };
}
