import { AttemptFolder } from './attempt-folder.js';
import { ServerFault } from './errors.js';
import { endsRun, finishAttempt, sendLate } from './finish.js';
import { keepHeartbeat } from './heartbeat.js';
import { Outbox } from './outbox.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';

/** Often enough for any lease that is long enough to train. */
const HEARTBEAT_SECONDS = 5;

/**
 * Delivers the reports that a killed agent had recorded but not sent, and the checkpoint that the run resumes from. Reports
 * whose lease has expired are discarded. Call this before startRunner, which ends the old leases.
 * @param onLate called with each last checkpoint of a run that has ended, which is still being sent; it never rejects
 */
export async function deliverLeftovers(
  home: string,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
  onLate: (sending: Promise<void>) => void,
): Promise<void> {
  for (const folder of await AttemptFolder.leftBehind(home)) await deliverFolder(folder, client, signal, log, onLate);
}

async function deliverFolder(
  folder: AttemptFolder,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
  onLate: (sending: Promise<void>) => void,
): Promise<void> {
  const { attempt } = folder;
  const spool = await Spool.recover(folder.path);
  const lost = new AbortController();
  const obey = (directive: string): void => {
    if (directive === 'LEASE_LOST') lost.abort(new Error('the lease has expired'));
  };
  const stopped = new AbortController();
  signal.throwIfAborted();
  const stop = (): void => stopped.abort(signal.reason);
  signal.addEventListener('abort', stop);
  const either = AbortSignal.any([stopped.signal, lost.signal]);
  // `deliver` and `settle` reject with a fault; it need not be reported twice.
  const onFault = (): void => {};
  const outbox = new Outbox({ attempt, spool, client, signal: either, log, onDirective: obey, onFault });
  const ended = new AbortController();
  try {
    const outcome = await folder.readOutcome();
    await outbox.deliver();
    outbox.checkpoints.end();
    if (outcome && endsRun(outcome)) {
      await outbox.checkpoints.announced();
      await finishAttempt(attempt, outcome, client, either);
      if (outbox.checkpoints.isWaiting) return onLate(sendLate(folder, spool, outbox, lost.signal, log));
    } else {
      if (outbox.checkpoints.isWaiting) {
        log(`sending the checkpoint of attempt ${attempt.attemptId}, which was interrupted`);
        const beating = AbortSignal.any([either, ended.signal]);
        keepHeartbeat(client, HEARTBEAT_SECONDS, () => [{ ref: attempt, obey }], beating).catch(() => lost.abort());
      }
      await outbox.settle();
      if (outcome) await finishAttempt(attempt, outcome, client, either);
    }
    log(`delivered the remaining reports of attempt ${attempt.attemptId}`);
  } catch (error) {
    signal.throwIfAborted();
    const unknownRunner = error instanceof ServerFault && error.code === 'UNAUTHENTICATED';
    const discard = lost.signal.aborted || (error instanceof ServerFault && error.kind === 'refused');
    if (unknownRunner || !discard) throw error;
    log(`discarded the remaining reports of attempt ${attempt.attemptId}: its lease has expired`);
  } finally {
    ended.abort();
    // From now on, an agent that stops waits for what is still being sent.
    signal.removeEventListener('abort', stop);
  }
  spool.close();
  await folder.remove();
}
