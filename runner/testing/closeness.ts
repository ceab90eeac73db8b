import { expect } from 'vitest';
import type { tf } from '../operations/tf.js';

/** The tolerance for every operation, and for the whole network, compared with PyTorch in float32. */
const RELATIVE_ERROR = 1e-4;

/**
 * Expects the largest deviation to be at most `tolerance` times the largest magnitude of `expected`. A different number of
 * values, a NaN, or a nonzero value where all zeros are expected fails.
 */
export function expectClose(
  actual: tf.Tensor | ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = RELATIVE_ERROR,
) {
  const values = 'dataSync' in actual ? actual.dataSync() : actual;
  expect(values.length, `${what}: number of values`).toBe(expected.length);
  let magnitude = 0;
  let deviation = 0;
  for (let i = 0; i < values.length; i++) {
    magnitude = Math.max(magnitude, Math.abs(expected[i]!));
    const off = Math.abs(values[i]! - expected[i]!);
    deviation = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(deviation, off);
  }
  const error = magnitude === 0 ? deviation : deviation / magnitude;
  expect(error, `${what}: relative error`).toBeLessThanOrEqual(tolerance);
}
