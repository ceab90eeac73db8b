import { EXIT, UserError } from '../../schema/exit-codes.js';
import type { RunnerInfoInput, RunnerInstanceInput } from '../../schema/generated/runner/graphql.js';
import { ClaimRunDocument, StartRunnerDocument } from '../../schema/generated/runner/graphql.js';
import { OLDEST_SERVER_PROTOCOL } from '../../schema/protocol-version.js';
import { type AllowedSources, NOTHING_ALLOWED } from '../files/allowed-sources.js';
import type { EngineOptions } from '../tracking/engine.js';
import type { DataSource } from '../tracking/messages.js';
import { announce } from './announce.js';
import { Attempt, type AttemptResult } from './attempt.js';
import { AttemptFolder } from './attempt-folder.js';
import type { Claim } from './checkpoint-download.js';
import { Disk } from './disk.js';
import { ServerFault } from './errors.js';
import { keepHeartbeat } from './heartbeat.js';
import { holdRunner, releaseRunner } from './hold.js';
import { deliverLeftovers } from './leftovers.js';
import { Rest } from './rest.js';
import { retry, type Waits } from './retry.js';
import type { ServerClient } from './server-client.js';
import { WakeUp } from './wake-up.js';

export interface AgentOptions {
  home: string;
  /** See HomeLock. Called before anything in the home changes. */
  assertHeld?: (() => void) | undefined;
  /** See openInstance. */
  instance: RunnerInstanceInput;
  info: RunnerInfoInput;
  /** Engine options for each slot. Each slot trains one run at a time. */
  slots: readonly EngineOptions[];
  sources: readonly DataSource[];
  /** Where runs may read pretrained weights; nowhere by default. */
  allowed?: AllowedSources;
  client: ServerClient;
  /** The module to fork for each run. */
  trainScript: string;
  /** Claim at most one run, and return when it has ended. */
  once: boolean;
  log: (message: string) => void;
  /** See AttemptOptions. */
  spoolMaxBytes?: number | undefined;
  /** See AttemptOptions. */
  stallSeconds: number | null;
  /** See Disk. */
  reserveBytes?: number | undefined;
  diskWaits?: Waits | undefined;
}

/** Claims runs, trains each in its own process and keeps the server informed. Never touches a tensor itself. */
export class Agent {
  private readonly active = new Map<Attempt, Promise<void>>();
  /** The last checkpoints of runs that have ended, while they are sent. */
  private readonly late = new Set<Promise<void>>();
  private readonly freeSlots: EngineOptions[];
  private readonly stopping = new AbortController();
  private readonly heart = new AbortController();
  private wakeUp: WakeUp | null = null;
  private readonly rest = new Rest();
  private readonly disk: Disk;
  /** Why this runner claims no runs, if there is a reason. */
  private problem: string | null = null;
  /** The version that the server speaks. Known before the first claim. */
  private serverProtocol = OLDEST_SERVER_PROTOCOL;
  private last: AttemptResult | null = null;
  private fatal: Error | null = null;

  constructor(private readonly options: AgentOptions) {
    this.freeSlots = [...options.slots];
    const { home, assertHeld, reserveBytes, diskWaits } = options;
    this.disk = new Disk(home, assertHeld, reserveBytes, diskWaits);
  }

  /**
   * Works until `drain` is called or, with `once`, until one run has ended. Resolves to the result of the last run, or
   * null if there was none. Throws a UserError when the server no longer accepts this runner.
   */
  async run(): Promise<AttemptResult | null> {
    const { client, home, info, instance, log, assertHeld } = this.options;
    const { signal } = this.stopping;
    let held = false;
    try {
      // First of all: a copy of another runner's home has copies of its attempts too.
      await holdRunner(client, instance, signal, log);
      held = true;
      await this.disk.recall(log);
      await this.isFit();
      await deliverLeftovers({
        ...{ home, client, instance, signal, log, assertHeld },
        problem: () => this.problem,
        onLate: (sent) => this.send(sent),
      });
      const start = (known: RunnerInfoInput) =>
        retry(() => client.request(StartRunnerDocument, { info: known, instance }), signal, client.waits);
      const settings = await announce(info, start, log);
      const { heartbeatSeconds, pollSeconds, protocolVersion, runner } = settings.startRunner;
      if (protocolVersion < OLDEST_SERVER_PROTOCOL) throw tooOld(client, protocolVersion);
      this.serverProtocol = protocolVersion;
      if (runner.versionWarning) log(`warning: ${runner.versionWarning} (docs/upgrading.md)`);
      log(`runner "${runner.name}" is ready: ${info.engine} on ${info.device}, pool ${info.pool}`);
      if (runner.slotLimit < info.slots!) {
        log(
          `the server gives this runner at most ${runner.slotLimit} runs at a time, so only ${runner.slotLimit} of its ` +
            `${info.slots} slots are used; an administrator can raise the limit (setRunnerSlotLimit)`,
        );
      }
      this.wakeUp = new WakeUp(client, pollSeconds);
      const heart = keepHeartbeat(
        client,
        instance,
        heartbeatSeconds,
        () => [...this.active.keys()],
        () => this.problem,
        this.heart.signal,
      );
      heart.catch((error) => this.stopFor(error));
      await this.work();
    } catch (error) {
      // Draining interrupts anything that was waiting for the server. That is expected, not an error.
      if (!this.stopping.signal.aborted) this.fatal ??= error as Error;
    } finally {
      await Promise.all(this.active.values());
      if (this.late.size > 0)
        log(`waiting for the last checkpoints of runs that have ended: ${this.late.size} still being sent`);
      await Promise.all(this.late);
      this.heart.abort();
      this.wakeUp?.stop();
    }
    if (held) await releaseRunner(client, instance, log);
    if (this.fatal) throw explain(this.fatal, this.options.client);
    return this.last;
  }

  /** Stops claiming. Active runs write a checkpoint and return to the queue. */
  drain(why: string): void {
    this.stopping.abort();
    for (const attempt of this.active.keys()) attempt.drain(why);
    this.wakeUp?.ring();
  }

  /** Kills the training processes. Their spools stay on disk for the next start. */
  kill(): void {
    for (const attempt of this.active.keys()) attempt.kill();
  }

  private async work(): Promise<void> {
    const { once } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const fit = this.freeSlots.length > 0 && (await this.isFit());
      const ready = fit && this.rest.isOver;
      const claim = ready ? await this.claim() : null;
      if (claim) this.begin(claim);
      if (once) return;
      if (!claim) await this.wakeUp!.wait();
    }
  }

  /** Whether this machine can train. Says so when that changes: in its log, and with its heartbeats. */
  private async isFit(): Promise<boolean> {
    const before = this.problem;
    this.problem = await this.disk.problem();
    if (this.problem !== null && before === null) this.options.log(`claiming no runs: ${this.problem}`);
    if (this.problem === null && before !== null) this.options.log('claiming runs again');
    return this.problem === null;
  }

  private async claim(): Promise<Claim | null> {
    const { client, instance } = this.options;
    return retry(
      async () => {
        const { claimRun } = await client.request(ClaimRunDocument, { instance });
        const why = claimRun && this.whyImpossible(claimRun);
        if (why) throw client.invalid(`to ClaimRun: ${why}`);
        return claimRun;
      },
      this.stopping.signal,
      client.waits,
    );
  }

  /** Why no server would give this claim to this runner; null if one would. */
  private whyImpossible({ attemptId, run }: Claim): string | null {
    const { home, sources, info } = this.options;
    const { dataset } = run.config;
    const known = [sources, info.datasets].every((each) => each.some(({ name }) => name === dataset));
    if (!known)
      return `run #${run.number} needs the dataset ${JSON.stringify(dataset)}, which this runner does not have`;
    // Its folder holds results that are not delivered yet.
    return AttemptFolder.exists(home, attemptId) ? `this runner already has the attempt ${attemptId}` : null;
  }

  private begin(claim: Claim): void {
    const { home, client, trainScript, info, sources } = this.options;
    const name = `run #${claim.run.number} "${claim.run.name}"`;
    const say = (message: string): void => this.options.log(`${name}: ${message}`);
    const { dataset } = claim.run.config;
    const source = sources.find((one) => one.name === dataset)!;
    const announced = info.datasets.find((one) => one.name === dataset)!;
    const onUnfit = (reason: string): void => {
      this.fatal ??= new UserError(reason);
      this.drain('the runner cannot continue');
    };
    const { spoolMaxBytes, stallSeconds, assertHeld, allowed = NOTHING_ALLOWED } = this.options;
    const engineOptions = this.freeSlots.shift()!;
    const { fingerprint } = announced;
    const job = { claim, source, fingerprint, engine: info.engine, engineOptions, home, client, trainScript };
    const attempt = new Attempt({
      ...job,
      serverProtocol: this.serverProtocol,
      allowed,
      spoolMaxBytes,
      stallSeconds,
      assertHeld,
      disk: this.disk,
      onUnfit,
      log: say,
    });
    say(`claimed (attempt ${claim.fence}, ${claim.run.iterations} iterations)`);
    const ended = attempt
      .run()
      .then((result) => {
        if (attempt.late) this.send(attempt.late);
        this.ended(say, result);
      })
      .catch((error) => {
        if (!(error instanceof ServerFault && error.kind === 'broken')) return this.stopFor(error);
        // Only this attempt is concerned: the server serves other requests.
        this.ended(say, { outcome: 'LOST', message: `the server keeps failing: ${error.message}; ${KEPT}` });
      })
      .finally(() => {
        this.active.delete(attempt);
        this.freeSlots.push(engineOptions);
        this.wakeUp?.ring();
      });
    this.active.set(attempt, ended);
    // The agent was drained between the request and its answer.
    if (this.stopping.signal.aborted) attempt.drain('the runner is shutting down');
  }

  private send(late: Promise<void>): void {
    this.late.add(late);
    void late.finally(() => this.late.delete(late));
  }

  private ended(say: (message: string) => void, result: AttemptResult): void {
    this.last = result;
    say(`${result.outcome.toLowerCase().replace('_', ' ')}${result.message ? `: ${result.message}` : ''}`);
    const seconds = this.rest.after(result.outcome);
    if (seconds > 0) {
      this.options.log(
        `several attempts in a row were lost; claiming no runs for ${seconds} s, so that other runners can take them`,
      );
    }
  }

  private stopFor(error: Error): void {
    this.fatal ??= error;
    this.kill();
    this.drain('the runner cannot continue');
  }
}

const KEPT = 'undelivered reports stay on disk and are sent at the next start';

function tooOld({ url }: ServerClient, protocolVersion: number): UserError {
  return new UserError(
    `${url} is too old for this runner: it speaks version ${protocolVersion} of the runner protocol, and the ` +
      `runner needs at least ${OLDEST_SERVER_PROTOCOL}; upgrade the server, or go back to the runner's earlier version`,
  );
}

function explain(error: Error, client: ServerClient): Error {
  if (!(error instanceof ServerFault)) return error;
  if (error.kind !== 'refused') {
    return new UserError(`the server keeps failing: ${error.message}; ${KEPT}`, EXIT.failed);
  }
  if (error.code !== 'UNAUTHENTICATED') return new UserError(`the server refused: ${error.message}`);
  return new UserError(
    `${client.url} does not know this runner: ${error.message}; if its token was rotated, start it again; ` +
      'otherwise, register it again with --force',
  );
}
