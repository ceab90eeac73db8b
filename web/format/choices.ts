import type { Network, Pick, Subset } from '../../schema/generated/web/graphql.js';
import { t } from '../messages/t.js';

/** What can be chosen of a run's evaluations, with the words for it. */

export const networkChoices = () =>
  [
    ['BRANCH1', t('common.network1')],
    ['BRANCH2', t('common.network2')],
    ['ENSEMBLE', t('common.ensemble')],
  ] as const satisfies [Network, string][];

export const subsetChoices = () =>
  [
    ['VAL', t('common.validation')],
    ['TEST', t('common.test')],
  ] as const satisfies [Subset, string][];

export const pickChoices = () =>
  [
    ['NEWEST', t('common.newest')],
    ['BEST', t('common.bestMiou')],
  ] as const satisfies [Pick, string][];

/** What a network is called. */
export function networkName(network: Network): string {
  return networkChoices().find(([each]) => each === network)![1];
}
