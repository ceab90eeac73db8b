import { z } from 'zod';
import { ownRule } from '../problems/issues.js';

/** Settings that several methods have. */

export const probability = z.number().min(0).max(1);

/** The weight of the unsupervised loss, ramped up over the first `rampUp` share of the iterations. */
export const weight = z.number().min(0).max(1000);
export const rampUp = probability.describe('Share of the iterations over which the weight rises from 0.');

export const rampShape = z
  .enum(['linear', 'exponential'])
  .describe('How the weight rises over rampUp: linearly, or as exp(-5 (1 - t)^2).');

export const boxes = z.int().min(1).max(10).describe('Number of rectangles, combined by XOR into one CutMix mask.');

export const areaShare = z
  .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
  .refine(([low, high]) => low <= high, ownRule('SHARES_REVERSED'));

export const ignorePadding = z
  .boolean()
  .default(false)
  .meta({ since: 3, absent: false })
  .describe(
    'Leave the padding of unlabelled crops out of the loss, as the authors do. Otherwise, it counts like any pixel.',
  );

/** The share of itself that a moving average of the weights keeps in each step. */
export const decay = z.number().min(0).lt(1);
