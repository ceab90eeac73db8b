import type { Network, Pick, Subset } from '../../schema/generated/web/graphql.js';

/** What can be chosen of a run's evaluations, with the words for it. */

export const NETWORKS = [
  ['BRANCH1', 'Network 1'],
  ['BRANCH2', 'Network 2'],
  ['ENSEMBLE', 'Ensemble'],
] as const satisfies [Network, string][];

export const SUBSETS = [
  ['VAL', 'Validation'],
  ['TEST', 'Test'],
] as const satisfies [Subset, string][];

export const PICKS = [
  ['NEWEST', 'Newest'],
  ['BEST', 'Best mIoU'],
] as const satisfies [Pick, string][];
