import type { Stories } from '../stories/stories.js';
import { PhaseWord, StateBadge } from './state-badge.js';

const STATES = [
  ...(['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'] as const),
  ...(['ACTIVE', 'SUCCEEDED', 'LOST', 'RELEASED', 'ONLINE', 'DRAINING', 'OFFLINE'] as const),
];
const PHASES = ['PREPARING', 'TRAINING', 'EVALUATING', 'UPLOADING'] as const;

export const stories: Stories = {
  ...Object.fromEntries(STATES.map((state) => [state, () => <StateBadge state={state} />])),
  ...Object.fromEntries(PHASES.map((phase) => [phase, () => <PhaseWord phase={phase} />])),
  'no phase': () => <PhaseWord phase={null} />,
};
