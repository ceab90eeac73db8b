import type { AttemptFolder, Outcome } from './attempt-folder.js';
import { ServerFault } from './errors.js';
import type { Outbox } from './outbox.js';
import type { Spool } from './spool.js';

/**
 * Whether nobody continues the run after this outcome. Then its last checkpoint may arrive later. Otherwise, the next attempt
 * resumes from it, so the attempt ends when it has arrived.
 */
export function endsRun({ outcome }: Outcome): boolean {
  return outcome === 'SUCCEEDED' || outcome === 'FAILED' || outcome === 'CANCELED';
}

/**
 * Sends the last checkpoint of an attempt that has ended, and removes the attempt's folder. If the server keeps failing, the
 * folder stays for the next start. Rejects only if the folder cannot be removed.
 * @param signal aborted, with the reason, when the server no longer wants the checkpoint
 */
export async function sendLate(
  folder: AttemptFolder,
  spool: Spool,
  outbox: Outbox,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<void> {
  log('the run has ended; its last checkpoint is still being sent');
  let keep = false;
  try {
    await outbox.settle();
    log('the last checkpoint is stored');
  } catch (error) {
    const { message } = signal.aborted ? (signal.reason as Error) : (error as Error);
    const refused = error instanceof ServerFault && error.kind === 'refused' && error.code !== 'UNAUTHENTICATED';
    log(`the last checkpoint was not stored: ${message}`);
    keep = !signal.aborted && !refused;
  } finally {
    await outbox.close();
    spool.close();
  }
  if (!keep) await folder.remove();
}
