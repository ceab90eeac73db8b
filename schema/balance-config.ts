import { z } from 'zod';
import { thresholdsConfig } from './thresholds-config.js';

/** Remedies for classes that are rare among the labelled pixels; docs/balance.md explains each. */

export const balanceConfig = z.strictObject({
  thresholds: thresholdsConfig
    .default({ name: 'none' })
    .meta({ since: 4, absent: { name: 'none' } })
    .describe('Which pseudo-labelled pixels count.'),
});

export type BalanceConfig = z.output<typeof balanceConfig>;
