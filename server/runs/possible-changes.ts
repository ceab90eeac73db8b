import { type AppError, refusal } from '../graphql/errors.js';
import { type Run, RunState } from './run.entity.js';

type Asked = Pick<Run, 'number' | 'state'>;

/** Why a run cannot be canceled; null if it can, or already is. */
export function whyNotCancel({ number, state }: Asked): AppError | null {
  if (state !== RunState.COMPLETED && state !== RunState.FAILED) return null;
  return refusal('RUN_NOT_CANCELABLE', { number, state });
}

/** Why a run cannot be retried; null if it can. */
export function whyNotRetry({ number, state }: Asked): AppError | null {
  if (state === RunState.FAILED || state === RunState.CANCELED) return null;
  return refusal('RUN_NOT_RETRYABLE', { number, state });
}

/** Why a run cannot be deleted; null if it can. */
export function whyNotDelete({ number, state }: Asked): AppError | null {
  if (state !== RunState.RUNNING && state !== RunState.CANCELING) return null;
  return refusal('RUN_NOT_DELETABLE', { number, state });
}
