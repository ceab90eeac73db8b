import type { StopRequest } from '../tracking/tracker.js';
import type { Outcome } from './attempt-folder.js';
import { ServerFault } from './errors.js';
import type { ProcessEnd } from './training-process.js';

/** The server knows the runner, but no longer accepts this attempt from it. */
export function isAboutThisAttempt(error: unknown): error is ServerFault {
  return error instanceof ServerFault && error.kind === 'refused' && error.code !== 'UNAUTHENTICATED';
}

/** The server failed instead of refusing the request, so trying again later may succeed. */
export function isServersFault(error: unknown): error is ServerFault {
  return error instanceof ServerFault && error.kind !== 'refused';
}

/**
 * A process that dies without reporting an end is the machine's fault (LOST). A failure that it reports is the run's
 * own (FAILED), unless it says otherwise.
 */
export function outcomeOf(end: ProcessEnd, stopRequest: StopRequest | null): Outcome {
  if (stopRequest === 'CANCEL') return { outcome: 'CANCELED', message: null };
  if (end.said === null) return { outcome: stopRequest === 'DRAIN' ? 'RELEASED' : 'LOST', message: end.how };
  switch (end.said.outcome) {
    case 'completed':
      return { outcome: 'SUCCEEDED', message: null };
    case 'failed':
      return { outcome: 'FAILED', message: end.said.reason };
    case 'lost':
      return { outcome: 'LOST', message: end.said.reason };
    case 'unfit':
      return { outcome: 'RELEASED', message: end.said.reason };
    case 'drained':
      return { outcome: 'RELEASED', message: null };
    case 'canceled':
      return { outcome: 'LOST', message: 'the training process reported that it was canceled, but nobody canceled it' };
  }
}
