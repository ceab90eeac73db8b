import type { DataSource } from 'typeorm';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { configForVersion } from '../../schema/stored-config.js';
import type { AlarmsService } from '../alarms/alarms.service.js';
import type { CheckpointsService } from '../checkpoints/checkpoints.service.js';
import { type Context, inOrder, listsInOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { storableText } from '../graphql/texts.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import { checkInstance, type RunnerInstanceInput } from '../runners/runner-instance.input.js';
import { type RunnersService, TOUCH_EVERY_SECONDS } from '../runners/runners.service.js';
import { type Run, RunState } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import type { Presence } from '../servers/presence.js';
import { type Attempt, AttemptState } from './attempt.entity.js';
import type { AttemptsRepository, Lease } from './attempts.repository.js';
import {
  type ActiveAttempt,
  type AttemptDirective,
  AttemptOutcome,
  type AttemptRefInput,
  type ClaimedRun,
  Directive,
} from './attempts.types.js';
import type { Completion } from './completion.js';
import type { ClaimAnswer, RunQueueRepository } from './run-queue.repository.js';

export interface LeaseRules {
  leaseSeconds: number;
  heartbeatSeconds: number;
  maxLostAttempts: number;
}

/** What runners do with runs: claim them, renew leases, finish attempts. Reports are in reports.service.ts. */
export class AttemptsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: AttemptsRepository;
      queue: RunQueueRepository;
      runs: RunsService;
      runners: RunnersService;
      checkpoints: CheckpointsService;
      alarms: AlarmsService;
      metrics: MetricsService;
      completion: Completion;
      presence: Presence;
      rules: LeaseRules;
    },
  ) {}

  /** The lease that a claim, a heartbeat or a report gets. */
  get lease(): Lease {
    return { seconds: this.deps.rules.leaseSeconds, serverId: this.deps.presence.id };
  }

  byIds(ids: readonly string[]): Promise<Attempt[]> {
    return this.deps.repository.byIds(ids);
  }

  /** Claims a run that fits the runner. Null if there is none, the runner is draining, or all its slots are taken. */
  async claim(runnerId: string, instance: RunnerInstanceInput | null): Promise<ClaimedRun | null> {
    const { runner, claim } = await this.ask(runnerId, instance);
    if (!claim) return null;
    const { run, attemptId, fence } = claim;
    // Nothing has been reported before the first attempt.
    const resumeFrom = fence > 1 ? await this.resume(run) : null;
    this.deps.events.publishSoon(
      { topic: 'run.changed', payload: { runId: run.id, studyId: run.studyId } },
      { topic: 'runner.changed', payload: { runnerId } },
    );
    run.config = configForVersion(run.config, runner.configVersion);
    const { leaseSeconds, heartbeatSeconds } = this.deps.rules;
    return { run, attemptId, fence, leaseSeconds, heartbeatSeconds, resumeFrom };
  }

  /**
   * Asks the queue, and stores that the runner was heard. Most claims find nothing, so that is one statement, unless the runner
   * was silent for a while, or the instance does not speak for it yet.
   */
  private async ask(runnerId: string, instance: RunnerInstanceInput | null): Promise<ClaimAnswer> {
    if (instance) checkInstance(instance);
    const answer = await this.deps.queue.claim(runnerId, instance?.id ?? null, this.lease);
    if (!answer) throw notFound('runner', runnerId);
    const { isHeld, silentSeconds } = answer.runner;
    if (!isHeld || (!answer.claim && silentSeconds > TOUCH_EVERY_SECONDS))
      await this.deps.runners.hold(runnerId, instance);
    return isHeld ? answer : this.ask(runnerId, instance);
  }

  /**
   * The checkpoint that a run's second or later attempt resumes from. Retracts the alarms and points after it. If this fails, the
   * runner gets no answer, and the next claim does it, after the lease.
   */
  private resume(run: Run): Promise<ClaimedRun['resumeFrom']> {
    const runId = run.id;
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const newest = await this.deps.checkpoints.newest(transaction, runId);
      const change = await this.deps.runs.beginChange(transaction, runId, null);
      await this.deps.alarms.takeBack(transaction, { runId, change }, newest?.step ?? -1);
      await this.deps.metrics.cutAfter(transaction, runId, newest?.step ?? -1);
      await this.deps.runs.publishChanged(transaction, run, { change, parts: ['alarms'] });
      return newest && { ...newest, url: `/blobs/${newest.sha256}` };
    });
  }

  /**
   * Renews the runner's leases. Attempts that have ended, or whose run was deleted, get LEASE_LOST.
   * @param problem why the runner claims nothing; null if nothing is wrong
   */
  async heartbeat(
    runnerId: string,
    refs: AttemptRefInput[],
    instance: RunnerInstanceInput | null,
    problem: string | null,
  ): Promise<AttemptDirective[]> {
    await this.deps.runners.hold(runnerId, instance);
    await this.deps.runners.setProblem(runnerId, problem);
    const directives: AttemptDirective[] = [];
    for (const ref of refs) {
      const directive = await inTransaction(this.deps.dataSource, async (transaction) => {
        const attempt = isId(ref.attemptId) ? await this.deps.repository.lock(transaction, ref.attemptId) : null;
        if (attempt) this.requireOwn(attempt, runnerId);
        if (!attempt || !isHeld(attempt, ref)) return Directive.LEASE_LOST;
        await this.deps.repository.renew(transaction, attempt.id, this.lease, attempt.sequence);
        return this.directiveFor(transaction, attempt);
      });
      directives.push({ attemptId: ref.attemptId, directive });
    }
    return directives;
  }

  /** Idempotent: an attempt that has already ended does not change, whatever the outcome. */
  async finish(runnerId: string, ref: AttemptRefInput, outcome: AttemptOutcome, message: string | null): Promise<Run> {
    await this.deps.runners.markSeen(runnerId);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const attempt = await this.lockOwn(transaction, runnerId, ref);
      if (isHeld(attempt, ref)) await this.conclude(transaction, attempt, outcome, message);
      return (await this.deps.runs.byId(attempt.runId, transaction))!;
    });
  }

  /**
   * Ends the attempt as its runner says. A success that the run's reports do not show ends it as FAILED: if the request were
   * refused instead, the runner would keep the run until its lease expires, and the next claim would begin all over.
   */
  private async conclude(transaction: Transaction, attempt: Attempt, outcome: AttemptOutcome, reason?: string | null) {
    const message = typeof reason === 'string' ? storableText(reason, MOST_CHARACTERS.outcome) : null;
    if (outcome !== AttemptOutcome.SUCCEEDED) return this.end(transaction, attempt, AttemptState[outcome], message);
    const missing = await this.deps.completion.missing(
      transaction,
      await this.deps.runs.lock(transaction, attempt.runId),
    );
    if (missing === null) return this.end(transaction, attempt, AttemptState.SUCCEEDED, message);
    const failure = `the runner reported that training has completed, but ${missing}`;
    return this.end(transaction, attempt, AttemptState.FAILED, failure);
  }

  /** Locks an attempt. @throws FORBIDDEN if it belongs to another runner or its run was deleted */
  async lockOwn(transaction: Transaction, runnerId: string, { attemptId }: AttemptRefInput): Promise<Attempt> {
    const attempt = isId(attemptId) ? await this.deps.repository.lock(transaction, attemptId) : null;
    if (!attempt) throw refusal('ATTEMPT_OF_OTHERS', { attemptId });
    this.requireOwn(attempt, runnerId);
    return attempt;
  }

  /** Whether the runner may read the blob: it is a checkpoint of a run that the runner is training. */
  mayRead(runnerId: string, sha256: string): Promise<boolean> {
    return this.deps.repository.holdsCheckpoint(runnerId, sha256);
  }

  async directiveFor(transaction: Transaction, { runId, runnerId }: Attempt): Promise<Directive> {
    const run = await this.deps.runs.byId(runId, transaction);
    const draining = runnerId !== null && (await this.deps.runners.isDraining(transaction, runnerId));
    return directiveOf({ state: run?.state ?? null, draining });
  }

  /** Ends all active attempts of the runner as LOST, within the caller's transaction. */
  async loseHeldBy(transaction: Transaction, runnerId: string, reason: string): Promise<void> {
    for (const attempt of await this.deps.repository.lockActiveOf(transaction, runnerId)) {
      await this.end(transaction, attempt, AttemptState.LOST, reason);
    }
  }

  /** Ends every attempt whose lease has expired. Returns how many there were. */
  async loseExpired(): Promise<number> {
    for (let lost = 0; ; lost++) {
      const found = await inTransaction(this.deps.dataSource, async (transaction) => {
        const attempt = await this.deps.repository.lockExpired(transaction, this.lease.seconds);
        if (!attempt) return false;
        const why = (await this.deps.presence.wasSilent(transaction, attempt.serverId, attempt.leaseUntil))
          ? 'the lease expired because the server that the runner used was unavailable'
          : 'the lease expired because the runner was silent';
        await this.end(transaction, attempt, AttemptState.LOST, why);
        return true;
      });
      if (!found) return lost;
    }
  }

  async ofRun(context: Context, runId: string): Promise<Attempt[]> {
    const loader = context.loaders.of<Attempt[]>('attempts', async (ids) => {
      const attempts = await context.budget.rows((limit) => this.deps.repository.ofRuns(ids, limit));
      return listsInOrder(ids, attempts, ({ runId }) => runId);
    });
    return (await loader.load(runId))!;
  }

  /** The runner of the run's newest attempt; null if there is none, or it has been removed. Batched. */
  async newestRunnerId({ loaders }: Context, runId: string): Promise<string | null> {
    const loader = loaders.of<string>('newestRunners', async (ids) => {
      const newest = await this.deps.repository.newestRunners(ids);
      return inOrder(ids, newest, (each) => each.runId).map((each) => each?.runnerId ?? null);
    });
    return loader.load(runId);
  }

  async activeOf(context: Context, runnerId: string): Promise<ActiveAttempt[]> {
    const loader = context.loaders.of<Attempt[]>('activeAttempts', async (ids) => {
      const attempts = await this.deps.repository.activeOfRunners(ids);
      return listsInOrder(ids, attempts, (attempt) => attempt.runnerId!);
    });
    const attempts = (await loader.load(runnerId))!;
    const runs = await Promise.all(attempts.map(({ runId }) => this.deps.runs.load(context, runId)));
    return attempts.flatMap((attempt, i) => (runs[i] ? [{ attempt, run: runs[i] }] : []));
  }

  private requireOwn(attempt: Attempt, runnerId: string): void {
    if (attempt.runnerId !== runnerId) throw refusal('ATTEMPT_OF_OTHERS', { attemptId: attempt.id });
  }

  private async end(transaction: Transaction, attempt: Attempt, state: AttemptState, message: string | null) {
    await this.deps.repository.end(transaction, attempt.id, state, message);
    const run = await this.deps.runs.lock(transaction, attempt.runId);
    await this.moveOn(transaction, run, state, message);
    this.deps.metrics.runEnded(run.id);
    await this.deps.runs.publishChanged(transaction, run);
    if (attempt.runnerId) await this.deps.runners.publishChanged(transaction, attempt.runnerId);
  }

  /** Moves the run to the state that follows from the end of its attempt. */
  private async moveOn(transaction: Transaction, run: Run, state: AttemptState, message: string | null): Promise<void> {
    const stop = (to: RunState, failure: string | null = null) => this.deps.runs.end(transaction, run.id, to, failure);
    if (state === AttemptState.SUCCEEDED) return stop(RunState.COMPLETED);
    if (state === AttemptState.FAILED) return stop(RunState.FAILED, message ?? 'the runner gave no reason');
    // A run that was released or lost while it was being canceled must not be queued again.
    if (state === AttemptState.CANCELED || run.state === RunState.CANCELING) return stop(RunState.CANCELED);
    if (state === AttemptState.RELEASED) return this.deps.runs.requeue(transaction, run.id, {});
    const lostAttempts = run.lostAttempts + 1;
    if (lostAttempts < this.deps.rules.maxLostAttempts)
      return this.deps.runs.requeue(transaction, run.id, { lostAttempts });
    await this.deps.runs.update(transaction, run.id, { lostAttempts });
    const reason = message ? `; the last one ended with: ${message}` : '';
    await stop(RunState.FAILED, `${lostAttempts} attempts in a row were lost without a new checkpoint${reason}`);
  }
}

/** What the runner of an active attempt must do. */
export function directiveOf({ state, draining }: { state: RunState | null; draining: boolean }): Directive {
  if (state === RunState.CANCELING) return Directive.CANCEL;
  return draining ? Directive.DRAIN : Directive.CONTINUE;
}

/** Whether the attempt may still write. */
export function isHeld(attempt: Attempt, { fence }: AttemptRefInput): boolean {
  return attempt.state === AttemptState.ACTIVE && attempt.fence === fence;
}
