import { z } from 'zod';

/** Rare class sampling; docs/balance.md has the sources of the defaults. */
export const samplingConfig = z.strictObject({
  share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe(
      'Share of the labelled images that are drawn for a class. The others come in the usual order, each once per epoch.',
    ),
  temperature: z
    .number()
    .min(0.0001)
    .max(1000)
    .default(0.01)
    .describe(
      'T in the probability of a class, softmax((1 - its share of the labelled pixels) / T). ' +
        'The lower, the more often the rarest classes are drawn; 1000 draws all alike.',
    ),
  minimumPixels: z
    .number()
    .min(0)
    .max(1)
    .default(0.0057)
    .describe('Share of the pixels of a crop that the class must have; otherwise, the image is cropped again.'),
  attempts: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('How many crops are tried at most. If none has enough pixels of the class, the one with most is used.'),
});

export type SamplingConfig = z.output<typeof samplingConfig>;
