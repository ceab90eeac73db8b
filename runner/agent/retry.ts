import { setTimeout as sleep } from 'node:timers/promises';
import { ServerFault } from './errors.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** A server that fails inside for longer than this will not get over this request. */
const BROKEN_LIMIT_MS = 10 * 60_000;

/** Exponential, with full jitter over its upper half so that a fleet does not return in step. */
export function backoffMs(failures: number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  return ceiling * (0.5 + Math.random() / 2);
}

/**
 * Does the task until it succeeds. Goes on for ever while the server is away, for ten minutes while it is broken, and
 * not at all once it has refused. Throws the last ServerFault, any other error at once, or the signal's reason.
 */
export async function retry<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let brokenSince: number | null = null;
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof ServerFault) || error.kind === 'refused') throw error;
      if (error.kind === 'unreachable') brokenSince = null;
      else brokenSince ??= Date.now();
      if (brokenSince !== null && Date.now() - brokenSince > BROKEN_LIMIT_MS) throw error;
    }
    await sleep(backoffMs(failures), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
