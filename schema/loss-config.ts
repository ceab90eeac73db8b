import { z } from 'zod';

/** The loss on the labelled pixels. */

/** Checked against the batch in run-config.ts. */
const imagesPerGroup = z
  .int()
  .min(1)
  .max(256)
  .nullable()
  .default(null)
  .meta({ since: 3, absent: null })
  .describe(
    'Splits the labelled batch into groups of this many images and takes the mean of their losses, as on several ' +
      'devices. Null means one loss over all pixels of the batch.',
  );

const crossEntropy = z
  .strictObject({ name: z.literal('cross_entropy'), imagesPerGroup })
  .describe('Mean cross-entropy over all labelled pixels.');

const ohem = z
  .strictObject({
    name: z.literal('ohem'),
    threshold: z
      .number()
      .gt(0)
      .max(1)
      .default(0.7)
      .describe('Only pixels whose true class has at most this probability count.'),
    keep: z
      .int()
      .min(1)
      .max(100_000_000)
      .default(50_000)
      .describe('At least this many pixels per image of the batch count: the least probable ones.'),
    imagesPerGroup,
  })
  .describe('Online hard example mining: cross-entropy over the hard pixels only.');

export const lossConfig = z.discriminatedUnion('name', [crossEntropy, ohem]);

export type LossConfig = z.output<typeof lossConfig>;
