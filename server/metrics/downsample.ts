/** The history of a scalar: columns of equal length, with strictly ascending steps. */
export interface Columns {
  steps: number[];
  values: number[];
}

/**
 * Reduces a history to at most `maxPoints` points, but keeps those that people look for: the first and the last point, and
 * the lowest and the highest point of each bucket of neighbours, so that no spike disappears (min-max aggregation: Jugel et
 * al., "M4: a visualization-oriented time series data aggregation", VLDB 2014). Infinities count as extremes. If there are
 * NaNs, the first NaN of each bucket is kept as a third point. Points are selected, never averaged.
 * @param maxPoints at least 1. Extremes are kept from 4 points on, or from 5 if there is a NaN
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

/** Indices in [from, to) of the lowest value, the highest value and the first NaN, ascending, without duplicates. */
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
