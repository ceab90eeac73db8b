import type { RunState } from '../../schema/generated/web/graphql.js';

/** Explains why there is nothing to show: not yet, or never. */
export function waitingWords(state: RunState, what: string): string {
  if (state === 'QUEUED') return `Waiting for a runner. No ${what} yet.`;
  if (state === 'RUNNING' || state === 'CANCELING') return `Training has started. No ${what} yet.`;
  return `This run reported no ${what}.`;
}
