import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../schema/exit-codes.js';
import {
  HeartbeatDocument,
  ReleaseRunnerDocument,
  type RunnerInstanceInput,
} from '../../schema/generated/runner/graphql.js';
import { ServerFault } from './errors.js';
import { retry } from './retry.js';
import type { ServerClient } from './server-client.js';

const LOOK_AGAIN_MS = 1_000;
/** The server's answers about the same silence differ by less. */
const JITTER_MS = 1_500;

/**
 * Makes this instance of the home the runner's current one, before anything in the home is delivered or changed. While
 * the server knows another one, waits for as long as that one may just have stopped.
 * @throws UserError with the server's message when the other instance is alive
 */
export async function holdRunner(
  client: ServerClient,
  instance: RunnerInstanceInput,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<void> {
  /** When the other instance will have been silent for a lease, unless it is heard again. */
  let freeAtMs: number | null = null;
  for (;;) {
    try {
      await retry(() => client.request(HeartbeatDocument, { attempts: [], instance }), signal, client.waits);
      return;
    } catch (error) {
      if (!(error instanceof ServerFault) || error.retryAfterSeconds === null) throw error;
      const nowMs = performance.now();
      const waitMs = error.retryAfterSeconds * 1000;
      if (freeAtMs === null) {
        freeAtMs = nowMs + waitMs;
        log(
          `${error.message}; in case it has just stopped, this runner waits for at most ${Math.ceil(waitMs / 1000)} s`,
        );
      } else if (nowMs + waitMs > freeAtMs + JITTER_MS) throw new UserError(`the server refused: ${error.message}`);
      await sleep(Math.min(LOOK_AGAIN_MS, waitMs), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Lets another instance start at once. If the server is unavailable, that one waits for a lease instead. */
export async function releaseRunner(
  client: ServerClient,
  instance: RunnerInstanceInput,
  log: (message: string) => void,
): Promise<void> {
  try {
    await client.request(ReleaseRunnerDocument, { instance });
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    log(`the server does not know that this runner has stopped: ${error.message}`);
  }
}
