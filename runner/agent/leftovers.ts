import { diskFault } from '../files/disk-fault.js';
import { AttemptFolder } from './attempt-folder.js';
import { Delivery } from './delivery.js';
import { ServerFault } from './errors.js';
import { finishAttempt } from './finish-attempt.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';

/**
 * Delivers the reports that a killed agent had recorded but not sent, including the checkpoint that the run resumes
 * from. Reports whose lease has expired are discarded. Call this before startRunner, which ends the old leases.
 */
export async function deliverLeftovers(
  home: string,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<void> {
  for (const folder of await AttemptFolder.leftBehind(home)) {
    const spool = await Spool.recover(folder.path).catch((error) => {
      const fault = diskFault(error);
      if (fault === null) throw error;
      log(`the remaining reports of attempt ${folder.attempt.attemptId} stay where they are: ${fault}`);
      return null;
    });
    if (!spool) continue;
    const lost = new AbortController();
    const onDirective = (directive: string): void => {
      if (directive === 'LEASE_LOST') lost.abort();
    };
    const either = AbortSignal.any([signal, lost.signal]);
    try {
      await new Delivery(folder.attempt, spool, client, either, onDirective).deliver();
      const outcome = await folder.readOutcome();
      if (outcome) await finishAttempt(folder.attempt, outcome, client, either);
      log(`delivered the remaining reports of attempt ${folder.attempt.attemptId}`);
    } catch (error) {
      signal.throwIfAborted();
      const unknownRunner = error instanceof ServerFault && error.code === 'UNAUTHENTICATED';
      const discard = lost.signal.aborted || (error instanceof ServerFault && error.kind === 'refused');
      if (unknownRunner || !discard) throw error;
      log(`discarded the remaining reports of attempt ${folder.attempt.attemptId}: its lease has expired`);
    } finally {
      spool.close();
    }
    await folder.remove();
  }
}
