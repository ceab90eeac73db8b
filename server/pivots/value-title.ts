import type { FilterField } from '../../schema/filter/tree.js';
import { nameOf } from './axes.js';

const SCORES = {
  miou: 'mIoU',
  rare_miou: 'rare classes',
  accuracy: 'pixel accuracy',
  iou: 'IoU',
  precision: 'precision',
  recall: 'recall',
} as const;
const NETWORKS: Readonly<Record<string, string>> = {
  BRANCH1: 'network 1',
  BRANCH2: 'network 2',
  ENSEMBLE: 'both networks',
};
const SUMMARIES = {
  last: 'last value',
  min: 'lowest value',
  max: 'highest value',
  mean10: 'mean of the last 10 values',
  mean100: 'mean of the last 100 values',
} as const;

/** What is averaged. It always names subset and network, because numbers of different ones must not be confused. */
export interface ValueTitle {
  title: string;
  /** The title without what `where` says, and that: the part about subset, network and evaluation; empty if there is none. */
  short: string;
  where: string;
  isShare: boolean;
  best: 'HIGHEST' | 'LOWEST' | null;
}

/**
 * Scores are best when high, series that are called a loss when low. For other values, neither is known.
 * @param rare the names of the rare classes of each dataset of the table, if the value is about them
 */
export function valueTitle(field: FilterField, rare: readonly (readonly string[])[]): ValueTitle {
  if ('score' in field) {
    const { score, class: ofClass, network = 'BRANCH1', subset = 'VAL', pick = 'NEWEST' } = field;
    const short = ofClass === undefined ? SCORES[score] : `${SCORES[score]} of ${ofClass}`;
    const where = `on ${subset.toLowerCase()}, ${NETWORKS[network]}, ${pick.toLowerCase()} evaluation`;
    const what = score === 'rare_miou' ? `mIoU of the rare classes${inBrackets(rare)}` : short;
    return { title: `${what} ${where}`, short, where, isShare: true, best: 'HIGHEST' };
  }
  const named = 'metric' in field ? `${SUMMARIES[field.of]} of ${field.metric}` : nameOf(field);
  const best = 'metric' in field && field.metric.startsWith('loss') ? 'LOWEST' : null;
  return { title: named, short: named, where: '', isShare: false, best };
}

/** Which classes are rare, if it is the same in all datasets. */
function inBrackets(rare: readonly (readonly string[])[]): string {
  const [only, ...others] = new Set(rare.map((names) => names.join(', ')));
  if (others.length > 0) return ' of each dataset';
  return only ? ` (${only})` : '';
}
