import type { RunState } from '../../schema/generated/web/graphql.js';
import { t } from '../messages/t.js';

/** What a run has not reported. */
export type Missing = 'points' | 'samples' | 'pseudoLabels' | 'val' | 'test';

/** Explains why there is nothing to show: not yet, or never. */
export function waitingWords(state: RunState, what: Missing): string {
  if (state === 'QUEUED') return `${t('waiting.queued')} ${t(`waiting.yet.${what}`)}`;
  if (state === 'RUNNING' || state === 'CANCELING') return `${t('waiting.running')} ${t(`waiting.yet.${what}`)}`;
  return t(`waiting.never.${what}`);
}
