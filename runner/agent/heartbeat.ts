import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttemptRefInput,
  type Directive,
  HeartbeatDocument,
  type RunnerInstanceInput,
} from '../../schema/generated/runner/graphql.js';
import { ServerFault } from './errors.js';
import type { ServerClient } from './server-client.js';

/** An attempt whose lease is renewed. */
export interface Held {
  readonly ref: AttemptRefInput;
  obey(directive: Directive): void;
}

/** The wait after a failed heartbeat. */
const AGAIN_SECONDS = 2;

/**
 * Sends a heartbeat at the interval that the server asks for, which renews the leases of this runner's attempts, and
 * passes the answered directives on to them. Ends when the signal aborts. Throws the ServerFault when the server refuses the
 * runner itself.
 * @param problem why the runner claims no runs; null if it does
 */
export async function keepHeartbeat(
  client: ServerClient,
  instance: RunnerInstanceInput,
  heartbeatSeconds: number,
  attempts: () => Held[],
  problem: () => string | null,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const waitSeconds = (await beat(client, instance, attempts(), problem()))
      ? heartbeatSeconds
      : Math.min(AGAIN_SECONDS, heartbeatSeconds);
    await sleep(waitSeconds * 1000, undefined, { signal, ref: false }).catch(() => signal.aborted);
  }
}

async function beat(
  client: ServerClient,
  instance: RunnerInstanceInput,
  attempts: Held[],
  problem: string | null,
): Promise<boolean> {
  try {
    const refs = attempts.map((attempt) => attempt.ref);
    const answer = await client.request(HeartbeatDocument, { attempts: refs, instance, problem });
    for (const { attemptId, directive } of answer.heartbeat) {
      attempts.find((attempt) => attempt.ref.attemptId === attemptId)?.obey(directive);
    }
    return true;
  } catch (error) {
    if (!(error instanceof ServerFault) || error.kind === 'refused') throw error;
    return false;
  }
}
