import type { FilterField } from '../../schema/filter/tree.js';
import { nameOf } from './axes.js';

const SCORES = {
  miou: 'mIoU',
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
  isShare: boolean;
  best: 'HIGHEST' | 'LOWEST' | null;
}

/** Scores are best when high, series that are called a loss when low. For other values, neither is known. */
export function valueTitle(field: FilterField): ValueTitle {
  if ('score' in field) {
    const { score, class: ofClass, network = 'BRANCH1', subset = 'VAL', pick = 'NEWEST' } = field;
    const what = ofClass === undefined ? SCORES[score] : `${SCORES[score]} of ${ofClass}`;
    const title = `${what} on ${subset.toLowerCase()}, ${NETWORKS[network]}, ${pick.toLowerCase()} evaluation`;
    return { title, isShare: true, best: 'HIGHEST' };
  }
  if ('metric' in field) {
    const best = field.metric.startsWith('loss') ? 'LOWEST' : null;
    return { title: `${SUMMARIES[field.of]} of ${field.metric}`, isShare: false, best };
  }
  return { title: nameOf(field), isShare: false, best: null };
}
