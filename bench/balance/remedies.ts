import type { RunConfig, RunConfigInput } from '../../schema/run-config.js';
import { benchConfig } from '../example.js';

type Balance = NonNullable<RunConfigInput['balance']>;

const sampling: Balance['sampling'] = {};
const mixing: Balance['mixing'] = { name: 'class_aware' };
const thresholds: Balance['thresholds'] = { name: 'quota' };
const weights: Balance['weights'] = { name: 'median_frequency', pseudoLabels: true };

/** The remedies whose cost together has a limit: 1 to 4, without further losses. */
export const TOGETHER = 'sampling, class_aware, quota and weights together';

/** Sections `balance`, by what they contain. */
export const REMEDIES: Readonly<Record<string, Balance>> = {
  [TOGETHER]: { sampling, mixing, thresholds, weights },
  'class confidence alone': {},
  sampling: { sampling },
  'mixing: class_aware': { mixing },
  'mixing: copy_paste': { mixing: { name: 'copy_paste' } },
  'thresholds: quota': { thresholds },
  'thresholds: adaptive': { thresholds: { name: 'adaptive' } },
  'weights: median_frequency, pseudo-labels too': { weights },
  'weights: logit_adjustment, pseudo-labels too': { weights: { name: 'logit_adjustment', pseudoLabels: true } },
  'losses: focal in place of the cross-entropy': { losses: { crossEntropy: 0, focal: {} } },
  'losses: Dice added': { losses: { dice: {} } },
  'losses: Lovász added': { losses: { lovasz: {} } },
};

/** CPS at the size of `bench:train`, on scenes that are scaled so that they fill the crop. */
export function configOf(balance: Balance | null, iterations: number): RunConfig {
  return benchConfig({
    dataset: 'shapes_longtail',
    split: { labelledRatio: 1 / 8 },
    method: { name: 'cps' },
    network: { backbone: 'resnet18', width: 0.25 },
    augmentation: { crop: [96, 128], scales: [2, 2.5] },
    training: { batchLabelled: 4, batchUnlabelled: 4, iterations },
    balance,
  });
}
