import { finishAttempt } from './attempt.js';
import { AttemptFolder } from './attempt-folder.js';
import { Delivery } from './delivery.js';
import { ServerFault } from './errors.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';

/**
 * Delivers what a killed agent had recorded and not yet sent, as far as its leases still hold: the points, and the
 * checkpoint from which the run goes on. Must come before startRunner, which ends those leases.
 */
export async function deliverLeftovers(
  home: string,
  client: ServerClient,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<void> {
  for (const folder of await AttemptFolder.leftBehind(home)) {
    const spool = await Spool.recover(folder.path);
    const lost = new AbortController();
    const onDirective = (directive: string): void => {
      if (directive === 'LEASE_LOST') lost.abort();
    };
    const either = AbortSignal.any([signal, lost.signal]);
    try {
      await new Delivery(folder.attempt, spool, client, either, onDirective).deliver();
      const outcome = await folder.readOutcome();
      if (outcome) await finishAttempt(folder.attempt, outcome, client, either);
      log(`delivered what attempt ${folder.attempt.attemptId} had left behind`);
    } catch (error) {
      signal.throwIfAborted();
      const unknownRunner = error instanceof ServerFault && error.code === 'UNAUTHENTICATED';
      const discard = lost.signal.aborted || (error instanceof ServerFault && error.kind === 'refused');
      if (unknownRunner || !discard) throw error;
      log(`discarded what attempt ${folder.attempt.attemptId} had left behind: its lease is over`);
    } finally {
      spool.close();
    }
    await folder.remove();
  }
}
