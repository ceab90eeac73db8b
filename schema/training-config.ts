import { z } from 'zod';

/** At least 2: after global pooling, batch normalisation has one value per image, and a single value has no variance. */
const batchSize = z.int().min(2).max(256).default(4);

export const trainingConfig = z.strictObject({
  iterations: z.int().min(1).max(10_000_000).default(1000),
  batchLabelled: batchSize,
  batchUnlabelled: batchSize,
  unlabelledOrder: z
    .enum(['reshuffled', 'fixed'])
    .default('reshuffled')
    .meta({ since: 3, absent: 'reshuffled' })
    .describe(
      'Whether each epoch of unlabelled images has its own order, or all have that of the first one, as in the official code of CPS.',
    ),
  evaluateEvery: z.int().min(1).default(200).describe('Iterations between two evaluations on the validation subset.'),
  evaluateImages: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('During training, evaluate on only this many images; null means all. The final evaluation uses all.'),
  evaluateWhole: z
    .boolean()
    .default(false)
    .meta({ since: 3, absent: false })
    .describe('Predict whole images at once in evaluations and samples, instead of windows of the size of the crop.'),
  sampleEvery: z.int().min(1).default(200).describe('Iterations between two sets of sample predictions.'),
  sampleImages: z.int().min(0).max(16).default(4).describe('How many validation images to show; always the same ones.'),
  reviewImages: z
    .int()
    .min(0)
    .max(10_000)
    .default(1000)
    .meta({ since: 4, absent: 1000 })
    .describe(
      'At the end, look through at most this many unlabelled images for those to label next, and as many labelled ones for ' +
        'labels that may be wrong; 0 for none. Short runs look through fewer.',
    ),
  checkpointEvery: z.int().min(1).default(500),
  logEvery: z.int().min(1).default(5).describe('Iterations between two reported metric points.'),
  maxHours: z
    .number()
    .gt(0)
    .max(10_000)
    .nullable()
    .default(null)
    .meta({ since: 2, absent: null })
    .describe(
      'Stops training after this many hours, in all attempts together; null means no limit. ' +
        'A checkpoint is written, and the run fails. It can be retried with a larger limit.',
    ),
});
