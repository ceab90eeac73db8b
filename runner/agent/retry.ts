import { setTimeout as sleep } from 'node:timers/promises';
import { ServerFault } from './errors.js';

/** The waits between the tries of a request, which double after each failure. */
export interface Waits {
  firstMs: number;
  longestMs: number;
}

export const WAITS: Waits = { firstMs: 100, longestMs: 5_000 };
/** When the server has reported internal errors for longer than this, the request is given up. */
const BROKEN_LIMIT_MS = 10 * 60_000;

/** Exponential backoff with jitter over the upper half, so that many runners do not all return at the same moment. */
export function backoffMs(failures: number, { firstMs, longestMs }: Waits = WAITS): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return ceiling * (0.5 + Math.random() / 2);
}

/**
 * Repeats the task until it succeeds: indefinitely while the server is unreachable, for ten minutes while it is broken,
 * and never after a refusal. Throws the last ServerFault, the signal's reason or, at once, any other error.
 */
export async function retry<T>(task: () => Promise<T>, signal: AbortSignal, waits: Waits): Promise<T> {
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
    await sleep(backoffMs(failures, waits), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
