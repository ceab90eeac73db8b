import { ENDED_ON_SERVER } from './attempt.js';
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
 * whose lease has expired are discarded. Call this before startRunner, which ends the old leases. Returns the last
 * checkpoints of runs that have ended, which are still being sent; they never reject.
 */
export async function deliverLeftovers(
  home: string,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<Promise<void>[]> {
  const late: Promise<void>[] = [];
  for (const folder of await AttemptFolder.leftBehind(home)) {
    const sending = await deliverFolder(folder, client, signal, log);
    if (sending) late.push(sending);
  }
  return late;
}

/** Returns what is still being sent; null if the folder was delivered or discarded. */
async function deliverFolder(
  folder: AttemptFolder,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<Promise<void> | null> {
  const { attempt } = folder;
  const spool = await Spool.recover(folder.path);
  const lost = new AbortController();
  const obey = (directive: string): void => {
    if (directive === 'LEASE_LOST') lost.abort(new Error(ENDED_ON_SERVER));
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
      if (outbox.checkpoints.isWaiting) return sendLate(folder, spool, outbox, lost.signal, log);
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
    const why = lost.signal.aborted ? ENDED_ON_SERVER : (error as Error).message;
    log(`discarded the remaining reports of attempt ${attempt.attemptId}: ${why}`);
  } finally {
    ended.abort();
    // From now on, an agent that stops waits for what is still being sent.
    signal.removeEventListener('abort', stop);
  }
  spool.close();
  await folder.remove();
  return null;
}
