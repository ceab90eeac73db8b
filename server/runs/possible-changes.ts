import { type Run, RunState } from './run.entity.js';

type Asked = Pick<Run, 'number' | 'state'>;

/** Why a run cannot be canceled; null if it can, or already is. */
export function whyNotCancel({ number, state }: Asked): string | null {
  if (state !== RunState.COMPLETED && state !== RunState.FAILED) return null;
  return `run ${number} is ${state}: only a QUEUED or RUNNING run can be canceled`;
}

/** Why a run cannot be retried; null if it can. */
export function whyNotRetry({ number, state }: Asked): string | null {
  if (state === RunState.FAILED || state === RunState.CANCELED) return null;
  return `run ${number} is ${state}: only a FAILED or CANCELED run can be retried`;
}

/** Why a run cannot be deleted; null if it can. */
export function whyNotDelete({ number, state }: Asked): string | null {
  if (state !== RunState.RUNNING && state !== RunState.CANCELING) return null;
  return `run ${number} is ${state}: cancel it and wait until its runner has stopped before you delete it`;
}
