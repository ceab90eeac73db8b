import { rm } from 'node:fs/promises';
import { finishAttempt } from './attempt.js';
import { AttemptFolder } from './attempt-folder.js';
import { setAside } from './damaged.js';
import { Delivery } from './delivery.js';
import { ServerFault } from './errors.js';
import { DamagedFile } from './json-file.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';

export interface LeftoversOptions {
  home: string;
  client: ServerClient;
  signal: AbortSignal;
  log: (message: string) => void;
  /** See HomeLock. */
  assertHeld?: (() => void) | undefined;
}

/**
 * Delivers the reports that a killed agent had recorded but not sent, including the checkpoint that the run resumes
 * from. Reports whose lease has expired are discarded. What a power cut has damaged is set aside. Call this before
 * startRunner, which ends the old leases.
 */
export async function deliverLeftovers(options: LeftoversOptions): Promise<void> {
  const paths = await orSetAside(options, null, () => AttemptFolder.leftBehind(options.home));
  for (const path of paths ?? []) await orSetAside(options, path, () => deliverFolder(path, options));
}

/** Sets what is damaged aside, and then returns null. `path` is what to move; by default, the damaged file itself. */
async function orSetAside<T>(
  { home, log }: LeftoversOptions,
  path: string | null,
  task: () => Promise<T>,
): Promise<T | null> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    await setAside(home, path ?? error.file, error.message, log);
    return null;
  }
}

async function deliverFolder(path: string, options: LeftoversOptions): Promise<void> {
  const folder = AttemptFolder.open(path, options.assertHeld);
  // The agent was stopped before the attempt began.
  if (!folder) return rm(path, { recursive: true, force: true });
  const spool = await Spool.recover(path, options.assertHeld);
  try {
    const damage = await deliverSpool(folder, spool, options);
    if (damage) await setAside(options.home, path, damage, options.log);
    else await folder.remove();
  } finally {
    spool.close();
  }
}

/** Delivers what can be delivered. Returns what is damaged, in one line; null if nothing is. */
async function deliverSpool(
  folder: AttemptFolder,
  spool: Spool,
  { client, signal, log }: LeftoversOptions,
): Promise<string | null> {
  const { attempt } = folder;
  const lost = new AbortController();
  const onDirective = (directive: string): void => {
    if (directive === 'LEASE_LOST') lost.abort();
  };
  const either = AbortSignal.any([signal, lost.signal]);
  try {
    await new Delivery(attempt, spool, client, either, onDirective).deliver();
    const outcome = folder.readOutcome();
    // Without all reports, the server would fail a run that succeeded. startRunner queues it again instead.
    if (outcome && spool.isWhole) await finishAttempt(attempt, outcome, client, either);
    log(`delivered the remaining reports of attempt ${attempt.attemptId}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DamagedFile) return error.message;
    const unknownRunner = error instanceof ServerFault && error.code === 'UNAUTHENTICATED';
    const discard = lost.signal.aborted || (error instanceof ServerFault && error.kind === 'refused');
    if (unknownRunner || !discard) throw error;
    log(`discarded the remaining reports of attempt ${attempt.attemptId}: its lease has expired`);
  }
  return spool.damage;
}
