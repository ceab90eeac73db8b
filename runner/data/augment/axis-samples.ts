import type { Axis, Resizing } from './resizing.js';

/** A stretch of a scaled axis: `count` positions from `offset`, of which some may be outside the image. */
export interface Stretch {
  offset: number;
  count: number;
}

export interface AxisSamples {
  /** The window's positions [from, to) that are inside the image. */
  from: number;
  to: number;
  /** The source positions on both sides, and the weight of `high`. */
  low: Int32Array;
  high: Int32Array;
  weight: Float64Array;
  nearest: Int32Array;
}

/** Positions [from, to) of a window at `offset` that are inside an axis of length `size`. */
export function overlap(size: number, { offset, count }: Stretch): [from: number, to: number] {
  return [Math.max(0, -offset), Math.min(count, size - offset)];
}

/** Which source positions a window of a scaled axis is interpolated between. */
export function sampleAxis(axis: Axis, stretch: Stretch, { label }: Resizing): AxisSamples {
  const { size, scaledSize } = axis;
  const { offset, count } = stretch;
  const [from, to] = overlap(scaledSize, stretch);
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const weight = new Float64Array(count);
  const nearest = new Int32Array(count);
  for (let i = from; i < to; i++) {
    const centre = ((i + offset + 0.5) * size) / scaledSize;
    const position = Math.min(Math.max(centre - 0.5, 0), size - 1);
    low[i] = Math.floor(position);
    high[i] = Math.min(low[i]! + 1, size - 1);
    weight[i] = position - low[i]!;
    nearest[i] = label(axis, i + offset);
  }
  return { from, to, low, high, weight, nearest };
}
