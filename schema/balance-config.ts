import { z } from 'zod';
import { classWeightsConfig } from './class-weights-config.js';
import { extraLossesConfig } from './extra-losses-config.js';
import { mixingConfig } from './mixing-config.js';
import { samplingConfig } from './sampling-config.js';
import { thresholdsConfig } from './thresholds-config.js';

/** Remedies for classes that are rare among the labelled pixels; docs/balance.md explains each. */

export const balanceConfig = z.strictObject({
  sampling: samplingConfig
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe('Rare class sampling: draws a class, then a labelled image that holds it, and a crop that shows it.'),
  mixing: mixingConfig
    .default({ name: 'none' })
    .meta({ since: 4, absent: { name: 'none' } })
    .describe('What is pasted from labelled images into unlabelled ones.'),
  thresholds: thresholdsConfig
    .default({ name: 'none' })
    .meta({ since: 4, absent: { name: 'none' } })
    .describe('Which pseudo-labelled pixels count.'),
  weights: classWeightsConfig
    .default({ name: 'none' })
    .meta({ since: 4, absent: { name: 'none' } })
    .describe('What the cross-entropy does with rare classes: weights by class, or offsets of their logits.'),
  losses: extraLossesConfig
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe('Losses on the labelled pixels beside the cross-entropy, or in its place; null means none.'),
});

export type BalanceConfig = z.output<typeof balanceConfig>;
