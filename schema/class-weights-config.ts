import { z } from 'zod';

/** How the loss treats rare classes, computed from the pixels of the labelled split; docs/balance.md has the formulas. */

const pseudoLabels = z
  .boolean()
  .default(false)
  .describe('Also treat the cross-entropy against pseudo-labels like this. Otherwise, only that against labels.');

const none = z.strictObject({ name: z.literal('none') }).describe('All classes are treated alike.');

const inverseLog = z
  .strictObject({
    name: z.literal('inverse_log'),
    offset: z
      .number()
      .gt(1)
      .max(10)
      .default(1.02)
      .describe('The weights lie between 1 / ln(offset + 1), for the only class, and 1 / ln(offset), for the rarest.'),
    pseudoLabels,
  })
  .describe("A class's weight is 1 / ln(offset + f), where f is its share of the labelled pixels.");

const medianFrequency = z
  .strictObject({
    name: z.literal('median_frequency'),
    cap: z.number().min(1).max(1_000_000).default(10).describe('No weight is larger.'),
    pseudoLabels,
  })
  .describe("A class's weight is the median of the classes' shares of the labelled pixels, divided by its own share.");

const effectiveNumber = z
  .strictObject({
    name: z.literal('effective_number'),
    beta: z
      .number()
      .min(0)
      .lt(1)
      .default(0.999_99)
      .describe('Beyond about 1 / (1 - beta) pixels, more pixels of a class no longer lower its weight.'),
    pseudoLabels,
  })
  .describe(
    "A class's weight is (1 - beta) / (1 - beta ^ n), where n is its number of labelled pixels, over the mean.",
  );

const logitAdjustment = z
  .strictObject({
    name: z.literal('logit_adjustment'),
    tau: z.number().gt(0).max(10).default(1).describe('How strongly shares count.'),
    pseudoLabels,
  })
  .describe("In the loss, tau ln f is added to a class's logits, where f is its share of the labelled pixels.");

export const classWeightsConfig = z.discriminatedUnion('name', [
  none,
  inverseLog,
  medianFrequency,
  effectiveNumber,
  logitAdjustment,
]);

export type ClassWeightsConfig = z.output<typeof classWeightsConfig>;
