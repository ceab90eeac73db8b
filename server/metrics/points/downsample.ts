import { at, type Columns } from './columns.js';
import { addPlaces, extremesOf } from './extremes.js';

/**
 * Reduces a history to at most `maxPoints` points, but keeps those that people look for: the first and the last point, and
 * the lowest and the highest point of each bucket of neighbours, so that no spike disappears (min-max aggregation: Jugel et
 * al., "M4: a visualization-oriented time series data aggregation", VLDB 2014). Infinities count as extremes. If there are
 * NaNs, the first NaN of each bucket is kept as a third point. Points are selected, never averaged. Of a history that was
 * reduced before to the extremes of small groups, it keeps the same.
 * @param maxPoints at least 1. Extremes are kept from 4 points on, or from 5 if there is a NaN
 */
export function downsample(columns: Columns, maxPoints: number): Columns {
  const { values } = columns;
  const count = values.length;
  if (count <= maxPoints) return columns;
  if (maxPoints === 1) return at(columns, [count - 1]);
  const inner = count - 2;
  const buckets = bucketsOf(maxPoints, values.some(Number.isNaN));
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    addPlaces(kept, extremesOf(values, from, to));
  }
  kept.push(count - 1);
  return at(columns, kept);
}

/** How many buckets fit into `maxPoints` points, besides the first and the last point. */
export function bucketsOf(maxPoints: number, hasNaN: boolean): number {
  return Math.floor((maxPoints - 2) / (hasNaN ? 3 : 2));
}
