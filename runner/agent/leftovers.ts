import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RunnerInstanceInput } from '../../schema/generated/runner/graphql.js';
import { diskFault } from '../files/disk-fault.js';
import { ENDED_ON_SERVER } from './attempt.js';
import { AttemptFolder } from './attempt-folder.js';
import { setAside } from './damaged.js';
import { ServerFault } from './errors.js';
import { finishAttempt } from './finish-attempt.js';
import { keepHeartbeat } from './heartbeat.js';
import { DamagedFile } from './json-file.js';
import { endsRun, sendLate } from './late-checkpoint.js';
import { Outbox } from './outbox.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';

/** Often enough for any lease that is long enough to train. */
const HEARTBEAT_SECONDS = 5;

export interface LeftoversOptions {
  home: string;
  client: ServerClient;
  instance: RunnerInstanceInput;
  signal: AbortSignal;
  log: (message: string) => void;
  /** See HomeLock. */
  assertHeld?: (() => void) | undefined;
}

/** The last checkpoint of a run that has ended. `sent` resolves when it has arrived, and never rejects. */
export interface LateCheckpoint {
  sent: Promise<void>;
}

/**
 * Delivers the reports that a killed agent had recorded but not sent, and the checkpoint that the run resumes from. Reports
 * whose lease has expired are discarded. What a power cut has damaged is set aside. Call this before startRunner, which ends
 * the old leases. Returns the last checkpoints of runs that have ended, which are still being sent.
 */
export async function deliverLeftovers(options: LeftoversOptions): Promise<LateCheckpoint[]> {
  const late: LateCheckpoint[] = [];
  const paths = await orSetAside(options, null, () => AttemptFolder.leftBehind(options.home));
  for (const path of paths ?? []) {
    const sending = await orSetAside(options, path, () => deliverFolder(path, options));
    if (sending) late.push(sending);
  }
  return late;
}

/** Sets what is damaged aside, and leaves what a full disk does not let in; then returns null. `path` is what to move; by default, the damaged file itself. */
async function orSetAside<T>(
  { home, log }: LeftoversOptions,
  path: string | null,
  task: () => Promise<T>,
): Promise<T | null> {
  try {
    return await task();
  } catch (error) {
    const fault = diskFault(error);
    if (fault !== null && path !== null) {
      log(`the remaining reports of attempt ${basename(path)} stay where they are: ${fault}`);
      return null;
    }
    if (!(error instanceof DamagedFile)) throw error;
    await setAside(home, path ?? error.file, error.message, log);
    return null;
  }
}

/** Returns what is still being sent; null if the folder was delivered, discarded or set aside. */
async function deliverFolder(path: string, options: LeftoversOptions): Promise<LateCheckpoint | null> {
  const folder = AttemptFolder.open(path, options.assertHeld);
  if (!folder) {
    // The agent was stopped before the attempt began.
    await rm(path, { recursive: true, force: true });
    return null;
  }
  const spool = await Spool.recover(path, options.assertHeld);
  let late: LateCheckpoint | null = null;
  try {
    const delivered = await deliverSpool(folder, spool, options);
    if ('sent' in delivered) late = delivered;
    else if (delivered.damage) await setAside(options.home, path, delivered.damage, options.log);
    else await folder.remove();
  } finally {
    if (!late) spool.close();
  }
  return late;
}

/** Delivers what can be delivered. Returns what is still being sent, or what is damaged, in one line; null if nothing is. */
async function deliverSpool(
  folder: AttemptFolder,
  spool: Spool,
  { client, instance, signal, log }: LeftoversOptions,
): Promise<LateCheckpoint | { damage: string | null }> {
  const { attempt } = folder;
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
    await outbox.deliver();
    outbox.checkpoints.end();
    const outcome = folder.readOutcome();
    // Without all reports, the server would fail a run that succeeded. startRunner queues it again instead.
    const told = spool.isWhole ? outcome : null;
    if (told && endsRun(told)) {
      await outbox.checkpoints.announced();
      await finishAttempt(attempt, told, client, either);
      if (outbox.checkpoints.isWaiting) return { sent: sendLate(folder, spool, outbox, lost.signal, log) };
    } else {
      if (outbox.checkpoints.isWaiting) {
        log(`sending the checkpoint of attempt ${attempt.attemptId}, which was interrupted`);
        const beating = AbortSignal.any([either, ended.signal]);
        const attempts = () => [{ ref: attempt, obey }];
        keepHeartbeat(client, instance, HEARTBEAT_SECONDS, attempts, () => null, beating).catch(() => lost.abort());
      }
      await outbox.settle();
      if (told) await finishAttempt(attempt, told, client, either);
    }
    log(`delivered the remaining reports of attempt ${attempt.attemptId}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DamagedFile) return { damage: error.message };
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
  return { damage: spool.damage };
}
