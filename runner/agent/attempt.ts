import { hostname } from 'node:os';
import type { AttemptRefInput, Directive } from '../../schema/generated/runner/graphql.js';
import type { AllowedSources } from '../files/allowed-sources.js';
import { diskFault } from '../files/disk-fault.js';
import type { EngineOptions } from '../tracking/engine.js';
import type { DataSource, FromTraining } from '../tracking/messages.js';
import { logTo, type StopRequest } from '../tracking/tracker.js';
import { AttemptFolder, type Outcome } from './attempt-folder.js';
import { isAboutThisAttempt, isServersFault, outcomeOf } from './attempt-outcome.js';
import { checkedFolderOf } from './checked-folder.js';
import { type Claim, downloadCheckpoint } from './checkpoint-download.js';
import type { Disk } from './disk.js';
import { ServerFault } from './errors.js';
import { finishAttempt } from './finish-attempt.js';
import { endsRun, sendLate } from './late-checkpoint.js';
import { Outbox } from './outbox.js';
import { PhaseReports } from './phase-reports.js';
import type { Reporter } from './reporter.js';
import type { ServerClient } from './server-client.js';
import { Spool } from './spool.js';
import { type ProcessEnd, TrainingProcess } from './training-process.js';
import { Watchdog } from './watchdog.js';

const CANCEL_GRACE_MS = 10_000;
/** A drain writes a checkpoint first, so it takes longer than a cancel. */
const DRAIN_GRACE_MS = 90_000;
/** What LEASE_LOST means. Whether another runner has the run by now is not known here. */
export const ENDED_ON_SERVER =
  'the attempt has ended on the server, because its lease expired or its run was deleted; what it had not reported yet is discarded';
const SPOOL_MAX_BYTES = 256 * 1024 * 1024;
/** Of one network: a 32-bit weight and a 32-bit momentum. */
const BYTES_PER_PARAMETER = 8;

export interface AttemptOptions {
  claim: Claim;
  source: DataSource;
  /** See TrainingJob. */
  fingerprint: string;
  engine: string;
  engineOptions: EngineOptions;
  home: string;
  /** See HomeLock. */
  assertHeld?: (() => void) | undefined;
  /** See TrainingJob. */
  allowed: AllowedSources;
  client: ServerClient;
  /** See OutboxOptions. */
  serverProtocol: number;
  trainScript: string;
  log: (message: string) => void;
  /** Called when nothing can be trained here until somebody fixes the problem given in `reason`. */
  onUnfit: (reason: string) => void;
  /** Training is drained when undelivered reports and images reach this many bytes. */
  spoolMaxBytes?: number | undefined;
  /** See Watchdog; null never looks for a hang. */
  stallSeconds: number | null;
  /** The disk of the home. */
  disk: Disk;
}

/** How the attempt ended. LEASE_LOST: the run no longer belonged to this runner, so nothing more was reported. */
export type AttemptResult = Outcome | { outcome: 'LEASE_LOST'; message: string };

/** One attempt at a run: trains it in its own process and reports everything to the server, in order. */
export class Attempt {
  private readonly leaseLost = new AbortController();
  /** Aborted when training must not begin any more. */
  private readonly preparing = new AbortController();
  private process: TrainingProcess | null = null;
  private stopRequest: StopRequest | null = null;
  /** Set when a report cannot be stored or is refused: nothing after it could be recorded. */
  private fault: Outcome | null = null;
  /** What is wrong with the disk, if that ends the attempt. */
  private diskFault: string | null = null;
  /** The size of a checkpoint of this run, as far as it is known; 0 if it is not. */
  private checkpointBytes: number;
  /** Set when the server failed for too long. The folder then stays, and the next start tries to deliver it again. */
  private keepFolder = false;
  /** Whether the server has been told how the attempt ended, or is being told. It may then answer that the lease is lost. */
  private isFinishing = false;
  /** Resolves when the last checkpoint has arrived that was still on its way when the run ended; null if there is none. */
  late: Promise<void> | null = null;

  constructor(private readonly options: AttemptOptions) {
    this.checkpointBytes = options.claim.resumeFrom?.bytes ?? 0;
  }

  get ref(): AttemptRefInput {
    return { attemptId: this.options.claim.attemptId, fence: this.options.claim.fence };
  }

  /**
   * Resolves when the attempt has ended and the server has acknowledged every report, or has revoked the lease. The last
   * checkpoint may still be on its way then (`late`). Throws the ServerFault when the server no longer knows this runner, or
   * keeps failing.
   */
  async run(): Promise<AttemptResult> {
    const { disk, client, home, assertHeld } = this.options;
    try {
      const short = await disk.shortFor(this.checkpointBytes);
      if (short === null) return await this.work();
      this.diskFault = short;
    } catch (error) {
      const fault = diskFault(error);
      if (fault === null) throw error;
      this.diskFault = fault;
    } finally {
      disk.trained(this.checkpointBytes);
      if (this.diskFault === null) disk.works();
      else disk.failed(this.diskFault);
    }
    // Nothing could be stored. The server needs no file to hear about it.
    const outcome = { outcome: 'LOST' as const, message: this.diskFault };
    await AttemptFolder.discard(home, this.ref, assertHeld);
    try {
      await finishAttempt(this.ref, outcome, client, this.leaseLost.signal);
      return outcome;
    } catch (error) {
      return this.revoked(error);
    }
  }

  private async work(): Promise<AttemptResult> {
    const { home, client, serverProtocol, assertHeld } = this.options;
    const signal = this.leaseLost.signal;
    const folder = await AttemptFolder.create(home, this.ref, assertHeld);
    const spool = await Spool.create(folder.path, this.options.spoolMaxBytes ?? SPOOL_MAX_BYTES, assertHeld);
    const outbox = new Outbox({
      attempt: this.ref,
      spool,
      client,
      serverProtocol,
      signal,
      log: this.options.log,
      onDirective: (directive) => this.follow(directive),
      onFault: (error) => this.failed(error),
      onReport: () => {
        if (spool.isFull && !this.stopRequest)
          this.drain('the spool is full because the server has been unavailable for too long');
      },
    });
    try {
      const outcome = await this.train(folder, outbox.reporter);
      await outbox.reporter.flush();
      if (!this.fault) await folder.writeOutcome(outcome).catch((error) => this.unsaved(error));
      // What was stored before the disk was full is still right.
      if (!this.fault || this.diskFault)
        await this.deliver(outbox, this.fault ?? outcome).catch((error) => this.failed(error));
      signal.throwIfAborted();
      const told = this.fault ?? outcome;
      this.isFinishing = true;
      await finishAttempt(this.ref, told, client, signal);
      if (!this.fault && !outbox.isSettled) this.late = sendLate(folder, spool, outbox, signal, this.options.log);
      return told;
    } catch (error) {
      if (!signal.aborted && isServersFault(error)) this.keepFolder = true;
      return this.revoked(error);
    } finally {
      this.kill();
      await this.process?.ended;
      this.checkpointBytes = Math.max(this.checkpointBytes, spool.largestCheckpointBytes);
      if (!this.late) {
        await outbox.close();
        spool.close();
        if (!this.keepFolder) await AttemptFolder.discard(home, this.ref, assertHeld);
      }
    }
  }

  /** Follows the directive in the server's answer to a heartbeat. */
  obey(directive: Directive): void {
    if (!this.isFinishing) this.follow(directive);
  }

  private follow(directive: Directive): void {
    if (directive === 'CANCEL') this.cancel();
    else if (directive === 'DRAIN') this.drain('the server is draining this runner');
    else if (directive === 'LEASE_LOST') this.discard(ENDED_ON_SERVER);
  }

  /** Lets training write a checkpoint and stop. The run returns to the queue. */
  drain(why: string): void {
    if (this.stopRequest) return;
    this.options.log(`stopping after a checkpoint: ${why}`);
    this.stopRequest = 'DRAIN';
    this.preparing.abort();
    this.process?.stop('DRAIN', DRAIN_GRACE_MS);
  }

  /** Kills the training process. The folder stays for the next start, unless `run` still gets to remove it. */
  kill(): void {
    this.process?.kill();
  }

  /** Delivers what must have arrived before the attempt can end. */
  private async deliver(outbox: Outbox, outcome: Outcome): Promise<void> {
    await outbox.deliver();
    outbox.checkpoints.end();
    if (endsRun(outcome)) return outbox.checkpoints.announced();
    if (outbox.checkpoints.isWaiting) this.options.log('the run returns to the queue when its checkpoint is sent');
    await outbox.settle();
  }

  private cancel(): void {
    if (this.stopRequest === 'CANCEL') return;
    this.options.log('canceled');
    this.stopRequest = 'CANCEL';
    this.preparing.abort();
    this.process?.stop('CANCEL', CANCEL_GRACE_MS);
  }

  private discard(why: string): void {
    this.leaseLost.abort(new Error(why));
    this.kill();
  }

  private failed(error: Error): void {
    if (this.leaseLost.signal.aborted || this.fault) return;
    if (error instanceof ServerFault && error.code === 'FORBIDDEN') this.discard(error.message);
    else {
      this.diskFault ??= diskFault(error);
      const isDamaged = error instanceof ServerFault && error.code === 'CHECKSUM';
      const refused = error instanceof ServerFault && error.kind === 'refused' && !isDamaged;
      this.fault = refused
        ? { outcome: 'FAILED', message: `the server refused a report: ${error.message}` }
        : { outcome: 'LOST', message: this.diskFault ?? `the runner cannot report: ${error.message}` };
      if (isServersFault(error)) this.keepFolder = true;
      this.options.log(this.fault.message!);
      this.kill();
    }
  }

  /** The result if the error says that the run no longer belongs to this runner. @throws any other error */
  private revoked(error: unknown): AttemptResult {
    const { signal } = this.leaseLost;
    if (signal.aborted) return { outcome: 'LEASE_LOST', message: String(signal.reason.message) };
    if (isAboutThisAttempt(error)) return { outcome: 'LEASE_LOST', message: error.message };
    throw error;
  }

  /** The outcome is delivered now. It would only have been read if the agent had been killed before. */
  private unsaved(error: Error): void {
    const fault = diskFault(error);
    if (fault === null) throw error;
    this.diskFault = fault;
    this.options.log(`the outcome could not be saved: ${fault}`);
  }

  private heard(message: FromTraining, phases: PhaseReports, watchdog: Watchdog | null): void {
    phases.heard(message);
    watchdog?.heard(message);
    if (message.kind !== 'setup') return;
    const { parameters, secondParameters = parameters } = message.record;
    this.checkpointBytes = Math.max(this.checkpointBytes, (parameters + secondParameters) * BYTES_PER_PARAMETER);
  }

  private async train(folder: AttemptFolder, reporter: Reporter): Promise<Outcome> {
    const { claim, client, source, fingerprint, engine, engineOptions, trainScript, home, allowed, log } = this.options;
    const phases = new PhaseReports(reporter);
    phases.tell('PREPARING');
    let resumeFrom: string | null = null;
    try {
      const signal = AbortSignal.any([this.leaseLost.signal, this.preparing.signal]);
      resumeFrom = await downloadCheckpoint(claim.resumeFrom, folder.path, client, signal);
    } catch (error) {
      // Only a runner that holds the run may read its checkpoint.
      if (error instanceof ServerFault && error.code === '403') this.discard(error.message);
      this.leaseLost.signal.throwIfAborted();
      if (!this.stopRequest && !(error instanceof ServerFault)) throw error;
      if (!this.stopRequest) return { outcome: 'LOST', message: (error as Error).message };
    }
    if (this.stopRequest) return outcomeOf({ said: null, how: 'stopped before training began' }, this.stopRequest);
    const start = claim.resumeFrom ? `resumes from step ${claim.resumeFrom.step}` : 'starts';
    logTo(reporter, 'INFO', `attempt ${claim.fence} ${start} on ${hostname()}`);
    const where = { workDirectory: folder.workDirectory, checkedFolder: checkedFolderOf(home), resumeFrom, allowed };
    const job = { config: claim.run.config, source, fingerprint, engine, engineOptions, ...where };
    const { stallSeconds } = this.options;
    const kill = (reason: string): void => this.process?.kill(reason);
    const watchdog = stallSeconds === null ? null : new Watchdog({ stallSeconds, sink: reporter, log, kill });
    const heard = (message: FromTraining): void => this.heard(message, phases, watchdog);
    let end: ProcessEnd;
    try {
      this.process = new TrainingProcess(trainScript, job, folder.logFile, reporter, log, heard);
      end = await this.process.ended;
    } finally {
      watchdog?.stop();
      phases.tell('UPLOADING');
    }
    if (end.said?.outcome === 'lost' && end.said.disk) this.diskFault = end.said.reason;
    if (end.said?.outcome === 'unfit') this.options.onUnfit(end.said.reason);
    const outcome = outcomeOf(end, this.stopRequest);
    if (outcome.message) logTo(reporter, 'ERROR', outcome.message);
    return outcome;
  }
}
