import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { FinishAttemptDocument } from '../../schema/generated/runner/graphql.js';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import type { Outcome } from './attempt-folder.js';
import { ServerFault } from './errors.js';
import { retry } from './retry.js';
import { sendable } from './sendable.js';
import type { ServerClient } from './server-client.js';

/** After this number of internal errors in a row, the message itself may be what the server fails at. */
const TRIES_WITH_MESSAGE = 5;

/**
 * Reports how an attempt ended. The server accepts it once and ignores repetitions. If the server does not take the
 * message, the outcome arrives with a plain one: without an outcome, the run would wait until its lease expires.
 */
export async function finishAttempt(
  attempt: AttemptRefInput,
  { outcome, message }: Outcome,
  client: ServerClient,
  signal: AbortSignal,
): Promise<void> {
  const reason = message === null ? null : sendable(message, MOST_CHARACTERS.outcome);
  const plain = reason === null ? null : `the server did not accept the reason; look for it in the log of the runner`;
  let broken = 0;
  const send = async (): Promise<void> => {
    const tellPlainly = broken >= TRIES_WITH_MESSAGE;
    try {
      await client.request(FinishAttemptDocument, { attempt, outcome, message: tellPlainly ? plain : reason });
    } catch (error) {
      if (!(error instanceof ServerFault)) throw error;
      if (error.kind === 'broken') broken++;
      const aboutMessage = error.kind === 'refused' && !['FORBIDDEN', 'UNAUTHENTICATED'].includes(error.code);
      if (!aboutMessage || tellPlainly || reason === null) throw error;
      broken = TRIES_WITH_MESSAGE;
      await send();
    }
  };
  await retry(send, signal, client.waits);
}
