import { z } from 'zod';
import { samplingConfig } from './sampling-config.js';
import { thresholdsConfig } from './thresholds-config.js';

/** Remedies for classes that are rare among the labelled pixels; docs/balance.md explains each. */

export const balanceConfig = z.strictObject({
  sampling: samplingConfig
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe('Rare class sampling: draws a class, then a labelled image that holds it, and a crop that shows it.'),
  thresholds: thresholdsConfig
    .default({ name: 'none' })
    .meta({ since: 4, absent: { name: 'none' } })
    .describe('Which pseudo-labelled pixels count.'),
});

export type BalanceConfig = z.output<typeof balanceConfig>;
