import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import { INSTANCE, RunnerInstanceInput } from '../runners/runner-instance.input.js';
import type { RunnersService } from '../runners/runners.service.js';
import { Run, RunState } from '../runs/run.entity.js';
import { Attempt } from './attempt.entity.js';
import type { AttemptsService } from './attempts.service.js';
import {
  ActiveAttempt,
  AttemptDirective,
  AttemptOutcome,
  AttemptRefInput,
  AttemptReportInput,
  ClaimedRun,
  ReportAnswer,
} from './attempts.types.js';
import type { ReportsService } from './reports.service.js';

@Resolver(() => Attempt)
export class AttemptsResolver {
  constructor(
    private readonly services: {
      attempts: AttemptsService;
      reports: ReportsService;
      runners: RunnersService;
    },
  ) {}

  @FieldResolver(() => Runner, {
    nullable: true,
    description: 'Runner that made the attempt; null if it has been removed.',
  })
  async runner(@Root() { runnerId }: Attempt, @Ctx() context: Context): Promise<Runner | null> {
    return runnerId ? this.services.runners.load(context, runnerId) : null;
  }

  @Mutation(() => ClaimedRun, {
    nullable: true,
    description:
      'Claims the queued run that is first by priority, then by age, among those that fit ' +
      "the runner's pool, engine, datasets and `configVersion`. Null if there is none, the runner is " +
      'draining, or its slots are taken. Not idempotent: if the answer is lost, the run ' +
      'stays claimed until the lease expires. Needs a runner token.',
  })
  claimRun(
    @Arg('instance', () => RunnerInstanceInput, { nullable: true, description: INSTANCE })
    instance: RunnerInstanceInput | null,
    @Ctx() context: Context,
  ): Promise<ClaimedRun | null> {
    return this.services.attempts.claim(runnerOf(context.principal), instance);
  }

  @Mutation(() => [AttemptDirective], {
    description:
      'Renews the leases of attempts and returns a directive for each, in the same ' +
      "order. FORBIDDEN for another runner's attempt. Needs a runner token.",
  })
  heartbeat(
    @Arg('attempts', () => [AttemptRefInput], {
      description: 'Attempts that the runner is working on; empty if it is idle.',
    })
    attempts: AttemptRefInput[],
    @Arg('instance', () => RunnerInstanceInput, { nullable: true, description: INSTANCE })
    instance: RunnerInstanceInput | null,
    @Arg('problem', () => String, {
      nullable: true,
      description:
        'Why the runner claims no runs at the moment, for `Runner.problem`; null if it has no problem. ' +
        'It is cut after 1,000 characters.',
    })
    problem: string | null,
    @Ctx() context: Context,
  ): Promise<AttemptDirective[]> {
    return this.services.attempts.heartbeat(runnerOf(context.principal), attempts, instance, problem ?? null);
  }

  @Mutation(() => ReportAnswer, {
    description:
      'Stores a report and renews the lease. The report of an attempt that has ended is not stored, and the ' +
      'directive is LEASE_LOST. There is one exception: for 24 hours after its run has ended, the newest attempt can ' +
      'still report a checkpoint and nothing else, if it has opened the upload for that step. ' +
      "FORBIDDEN for another runner's attempt. Needs a runner token.",
  })
  reportAttempt(
    @Arg('report', () => AttemptReportInput, { description: 'What the attempt has produced since its last report.' })
    report: AttemptReportInput,
    @Ctx() context: Context,
  ): Promise<ReportAnswer> {
    return this.services.reports.report(runnerOf(context.principal), report);
  }

  @Mutation(() => Run, {
    description:
      'Ends an attempt and returns its run. Idempotent: an attempt that has already ended does ' +
      "not change. FORBIDDEN for another runner's attempt. Needs a runner token.",
  })
  finishAttempt(
    @Arg('attempt', () => AttemptRefInput, { description: 'Attempt to end.' }) attempt: AttemptRefInput,
    @Arg('outcome', () => AttemptOutcome, { description: 'How it ended.' }) outcome: AttemptOutcome,
    @Arg('message', () => String, {
      nullable: true,
      description: 'Reason for people to read. If the outcome is FAILED, it becomes `Run.failure`.',
    })
    message: string | null,
    @Ctx() context: Context,
  ): Promise<Run> {
    return this.services.attempts.finish(runnerOf(context.principal), attempt, outcome, message);
  }
}

@Resolver(() => Run)
export class RunAttemptsResolver {
  constructor(
    private readonly services: {
      attempts: AttemptsService;
      runners: RunnersService;
    },
  ) {}

  @FieldResolver(() => [Attempt], { description: 'All attempts at the run, oldest first.' })
  attempts(@Root() run: Run, @Ctx() context: Context): Promise<Attempt[]> {
    return this.services.attempts.ofRun(context, run.id);
  }

  @FieldResolver(() => Runner, {
    nullable: true,
    description:
      'Runner that trains the run or trained it last. Null if the run is ' +
      'QUEUED, was never claimed, or the runner has been removed.',
  })
  async runner(@Root() run: Run, @Ctx() context: Context): Promise<Runner | null> {
    if (run.state === RunState.QUEUED) return null;
    const runnerId = await this.services.attempts.newestRunnerId(context, run.id);
    return runnerId ? this.services.runners.load(context, runnerId) : null;
  }
}

@Resolver(() => Runner)
export class RunnerAttemptsResolver {
  constructor(
    private readonly services: {
      attempts: AttemptsService;
    },
  ) {}

  @FieldResolver(() => [ActiveAttempt], { description: 'Attempts that the runner is working on, oldest first.' })
  activeAttempts(@Root() runner: Runner, @Ctx() context: Context): Promise<ActiveAttempt[]> {
    return this.services.attempts.activeOf(context, runner.id);
  }
}
