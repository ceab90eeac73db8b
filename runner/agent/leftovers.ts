import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AttemptRefInput, RunnerInstanceInput } from '../../schema/generated/runner/graphql.js';
import { OLDEST_SERVER_PROTOCOL } from '../../schema/protocol-version.js';
import { diskFault } from '../files/disk-fault.js';
import { ENDED_ON_SERVER } from './attempt.js';
import { AttemptFolder } from './attempt-folder.js';
import { setAside } from './damaged.js';
import { ServerFault } from './errors.js';
import { finishAttempt } from './finish-attempt.js';
import { type Held, keepHeartbeat } from './heartbeat.js';
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
  /** See keepHeartbeat. */
  problem: () => string | null;
  /** Called with the last checkpoint of a run that has ended. The promise resolves when it is no longer being sent. */
  onLate: (sent: Promise<void>) => void;
}

/** An attempt that was left behind. */
class Leftover implements Held {
  /** Aborted, with the reason, when the attempt no longer belongs to this runner. */
  readonly lost = new AbortController();

  constructor(
    readonly path: string,
    readonly folder: AttemptFolder,
    /** Whether its run has ended. Then the server may have ended its lease, too. */
    readonly hasEnded: boolean,
  ) {}

  get ref(): AttemptRefInput {
    return this.folder.attempt;
  }

  obey(directive: string): void {
    if (directive === 'LEASE_LOST') this.lost.abort(new Error(ENDED_ON_SERVER));
  }
}

/**
 * Delivers the reports that a killed agent had recorded but not sent, and the checkpoints that runs resume from. Reports whose
 * lease has expired are discarded. What a power cut has damaged is set aside. Call this before startRunner, which ends the old
 * leases; until then, heartbeats keep them.
 */
export async function deliverLeftovers(options: LeftoversOptions): Promise<void> {
  const leftovers = await openLeftovers(options);
  if (leftovers.length === 0) return;
  const held = new Set<Held>(leftovers.filter(({ hasEnded }) => !hasEnded));
  const refused = new AbortController();
  const ended = new AbortController();
  const { client, instance, problem, signal } = options;
  const beating = AbortSignal.any([signal, ended.signal]);
  // A refusal concerns the runner, and none of its attempts.
  keepHeartbeat(client, instance, HEARTBEAT_SECONDS, () => [...held], problem, beating).catch((error) =>
    refused.abort(error),
  );
  try {
    for (const leftover of leftovers) {
      const finishing = (): void => void held.delete(leftover);
      await orSetAside(options, leftover.path, () => deliver(leftover, options, refused.signal, finishing));
      finishing();
    }
  } finally {
    ended.abort();
  }
}

/** First those whose runs have ended: their reports are soon delivered, and their checkpoints are sent beside the others. */
async function openLeftovers(options: LeftoversOptions): Promise<Leftover[]> {
  const leftovers: Leftover[] = [];
  const paths = await orSetAside(options, null, () => AttemptFolder.leftBehind(options.home));
  for (const path of paths ?? []) {
    await orSetAside(options, path, async () => {
      const folder = AttemptFolder.open(path, options.assertHeld);
      // If there is none, the agent was stopped before the attempt began.
      if (folder) leftovers.push(new Leftover(path, folder, hasEnded(folder)));
      else await rm(path, { recursive: true, force: true });
    });
  }
  return leftovers.sort((a, b) => Number(b.hasEnded) - Number(a.hasEnded));
}

function hasEnded(folder: AttemptFolder): boolean {
  try {
    const outcome = folder.readOutcome();
    return outcome !== null && endsRun(outcome);
  } catch (error) {
    // It is set aside once its reports are delivered.
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}

/**
 * Does something with a folder. If a file is damaged, sets `path` (by default, that file) aside and returns null. If the disk
 * fails, leaves the folder for the next start and returns null.
 */
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

/**
 * Delivers, discards or sets aside one attempt.
 * @param refused aborted when the server no longer accepts this runner
 * @param finishing called before the server is told how the attempt ended, which ends its lease
 */
async function deliver(
  leftover: Leftover,
  options: LeftoversOptions,
  refused: AbortSignal,
  finishing: () => void,
): Promise<void> {
  const { folder, path, lost } = leftover;
  const { client, signal, onLate } = options;
  const { attempt } = folder;
  const log = (message: string): void => options.log(`attempt ${attempt.attemptId}: ${message}`);
  const spool = await Spool.recover(path, options.assertHeld);
  const stopped = new AbortController();
  const stop = ({ target }: Event): void => stopped.abort((target as AbortSignal).reason);
  for (const each of [signal, refused]) each.addEventListener('abort', stop);
  const any = AbortSignal.any([stopped.signal, lost.signal]);
  // `deliver` and `settle` reject with a fault; it need not be reported twice.
  const onFault = (): void => {};
  const outbox = new Outbox({
    ...{ attempt, spool, client, signal: any, log, onFault },
    // The server says which version it speaks later. Nothing but checkpoints is added to what is in the spool.
    serverProtocol: OLDEST_SERVER_PROTOCOL,
    onDirective: (directive) => leftover.obey(directive),
  });
  let isLate = false;
  let damage: string | null;
  try {
    for (const each of [signal, refused]) each.throwIfAborted();
    await outbox.deliver();
    outbox.checkpoints.end();
    const outcome = folder.readOutcome();
    // Without all reports, the server would fail a run that succeeded. startRunner queues it again instead.
    const told = spool.isWhole ? outcome : null;
    if (told && endsRun(told)) await outbox.checkpoints.announced();
    else {
      if (outbox.checkpoints.isWaiting) log('sending its checkpoint, which was interrupted');
      await outbox.settle();
    }
    finishing();
    if (told) await finishAttempt(attempt, told, client, any);
    isLate = !outbox.isSettled;
    if (!isLate) log('its remaining reports are delivered');
    damage = spool.damage;
  } catch (error) {
    signal.throwIfAborted();
    if (refused.aborted) throw refused.reason;
    if (error instanceof DamagedFile) damage = error.message;
    else {
      const unknownRunner = error instanceof ServerFault && error.code === 'UNAUTHENTICATED';
      const discard = lost.signal.aborted || (error instanceof ServerFault && error.kind === 'refused');
      if (unknownRunner || !discard) throw error;
      const why = lost.signal.aborted ? ENDED_ON_SERVER : (error as Error).message;
      log(`its remaining reports are discarded: ${why}`);
      damage = spool.damage;
    }
  } finally {
    // From now on, an agent that stops waits for what is still being sent.
    for (const each of [signal, refused]) each.removeEventListener('abort', stop);
    if (!isLate) {
      await outbox.close();
      spool.close();
    }
  }
  if (isLate) onLate(sendLate(folder, spool, outbox, lost.signal, log));
  else if (damage) await setAside(options.home, path, damage, options.log);
  else await folder.remove();
}
