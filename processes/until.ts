import { setTimeout as sleep } from 'node:timers/promises';

const ASK_AGAIN_MS = 40;

/**
 * Calls `ask` repeatedly until it returns something other than null, false or undefined.
 * @throws Error that names `what`, after `seconds`; and whatever `ask` throws
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T> | T,
): Promise<Exclude<T, false | null | undefined>> {
  const endMs = Date.now() + seconds * 1000;
  while (Date.now() < endMs) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    await sleep(ASK_AGAIN_MS);
  }
  throw new Error(`timed out after ${seconds} s waiting for ${what}`);
}
