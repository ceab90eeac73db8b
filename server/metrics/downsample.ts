/** One scalar over steps: columns of equal length, steps strictly ascending. */
export interface Columns {
  steps: number[];
  values: number[];
}

/**
 * Reduces a history to at most `maxPoints` points and keeps what an eye would look for: the first and the last point and,
 * of every bucket of neighbours, the lowest and the highest one, so that no spike disappears (min-max aggregation: Jugel
 * et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014). Infinities are extremes like any
 * other; where NaN occurs, a bucket's first NaN is kept as a third point. Points are chosen, never averaged.
 * @param maxPoints from 1; extremes survive from 4 on (from 5 on when there is a NaN)
 */
export function downsample({ steps, values }: Columns, maxPoints: number): Columns {
  const count = steps.length;
  if (count <= maxPoints) return { steps, values };
  if (maxPoints === 1) return { steps: steps.slice(-1), values: values.slice(-1) };
  const inner = count - 2;
  const buckets = Math.floor((maxPoints - 2) / (values.some(Number.isNaN) ? 3 : 2));
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    kept.push(...remarkable(values, from, to));
  }
  kept.push(count - 1);
  return { steps: kept.map((index) => steps[index]!), values: kept.map((index) => values[index]!) };
}

/** Indices in [from, to) of the lowest, the highest and the first NaN value, ascending and each once. */
function remarkable(values: readonly number[], from: number, to: number): number[] {
  let [lowest, highest, nan] = [-1, -1, -1];
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) {
      if (nan < 0) nan = index;
      continue;
    }
    if (lowest < 0 || value < values[lowest]!) lowest = index;
    if (highest < 0 || value > values[highest]!) highest = index;
  }
  return [...new Set([lowest, highest, nan])].filter((index) => index >= 0).sort((a, b) => a - b);
}
