import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/** Losses on the labelled pixels beside the cross-entropy, or in its place; docs/balance.md has the formulas. */

const weight = z.number().gt(0).max(1000).default(1).describe('Multiplies this loss.');

const over = z
  .enum(['batch', 'image'])
  .default('batch')
  .describe('One loss over all pixels of the batch, or the mean of the losses of its images that have labels.');

const focal = z
  .strictObject({
    weight,
    gamma: z.number().min(0).max(10).default(2).describe('How much less a pixel counts, the surer the network is.'),
  })
  .describe('Focal loss: the cross-entropy of a pixel is multiplied by (1 - probability of its class) ^ gamma.');

const dice = z
  .strictObject({ weight, over })
  .describe('Dice loss: 1 minus the mean Dice coefficient of the classes that are present.');

const lovasz = z
  .strictObject({ weight, over })
  .describe('Lovász-Softmax: a surrogate for 1 minus the mean IoU of the classes that are present.');

const LOSSES = { focal, dice, lovasz };

export const extraLossesConfig = z
  .strictObject({
    crossEntropy: z
      .number()
      .min(0)
      .max(1000)
      .default(1)
      .describe("Multiplies the run's `loss`: the cross-entropy, or OHEM. 0 trains with the other losses alone."),
    focal: focal.nullable().default(null),
    dice: dice.nullable().default(null),
    lovasz: lovasz.nullable().default(null),
  })
  .refine(
    ({ focal, dice, lovasz }) => focal ?? dice ?? lovasz,
    ownRule('NO_EXTRA_LOSS', { losses: Object.keys(LOSSES) }),
  );

export type ExtraLossesConfig = z.output<typeof extraLossesConfig>;
