import { setTimeout as sleep } from 'node:timers/promises';

/** Asking costs time that others need: a long wait is answered a little later. */
const ASK_AGAIN_MS = { least: 20, most: 100 };
const SHARE_OF_WAIT = 0.1;

/**
 * Calls `ask` repeatedly until it returns something other than null, false or undefined.
 * @param mostMs the longest time between two calls, for an answer that is expensive and may come a little later
 * @throws Error that names `what`, after `seconds`; and whatever `ask` throws
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T> | T,
  mostMs = ASK_AGAIN_MS.most,
): Promise<Exclude<T, false | null | undefined>> {
  const startMs = Date.now();
  const waitedMs = () => Date.now() - startMs;
  while (waitedMs() < seconds * 1000) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    await sleep(Math.min(mostMs, Math.max(ASK_AGAIN_MS.least, waitedMs() * SHARE_OF_WAIT)));
  }
  throw new Error(`timed out after ${seconds} s waiting for ${what}`);
}
