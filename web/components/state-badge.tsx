import type { AttemptState, RunnerState, RunState } from '../../schema/generated/web/graphql.js';

/** A state as a word and a colour. The word alone is enough. */
export function StateBadge({ state }: { state: RunState | AttemptState | RunnerState }) {
  return <span className={`badge badge-${state.toLowerCase()}`}>{state.charAt(0) + state.slice(1).toLowerCase()}</span>;
}
