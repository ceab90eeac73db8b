import type { AttemptState, RunnerState, RunPhase, RunState } from '../../schema/generated/web/graphql.js';
import { t } from '../messages/t.js';

/** A state as a word and a colour. The word alone is enough. */
export function StateBadge({ state }: { state: RunState | AttemptState | RunnerState }) {
  return <span className={`badge badge-${state.toLowerCase()}`}>{t(`states.${state}`)}</span>;
}

/** What a runner is doing with a run, as a word; nothing while none works on it. */
export function PhaseWord({ phase }: { phase: RunPhase | null | undefined }) {
  return phase && <span className="phase soft">{t(`phases.${phase}`)}</span>;
}
