import type { FromTraining } from './messages.js';
import type { TrainingPhase } from './tracker.js';

/** A step may take a millisecond. The agent only has to notice hangs of seconds. */
const AT_MOST_EVERY_MS = 100;

/** Returns the `progress` of a tracker: it sends every change of the phase, and a sign of life within it. */
export function progressSender(send: (message: FromTraining) => void): (phase: TrainingPhase, step: number) => void {
  let last: TrainingPhase | null = null;
  let sentMs = 0;
  return (phase, step) => {
    const now = performance.now();
    if (phase === last && now - sentMs < AT_MOST_EVERY_MS) return;
    last = phase;
    sentMs = now;
    send({ kind: 'progress', phase, step });
  };
}
