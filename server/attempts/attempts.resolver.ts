import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
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

  @FieldResolver(() => Runner, { nullable: true, description: 'Null when it was removed.' })
  async runner(@Root() { runnerId }: Attempt, @Ctx() context: Context): Promise<Runner | null> {
    return runnerId ? this.services.runners.load(context, runnerId) : null;
  }

  @Mutation(() => ClaimedRun, { nullable: true, description: 'One run that fits this runner, or null.' })
  claimRun(@Ctx() context: Context): Promise<ClaimedRun | null> {
    return this.services.attempts.claim(runnerOf(context.principal));
  }

  @Mutation(() => [AttemptDirective], { description: 'Renews the leases of the attempts that the runner holds.' })
  heartbeat(
    @Arg('attempts', () => [AttemptRefInput]) attempts: AttemptRefInput[],
    @Ctx() context: Context,
  ): Promise<AttemptDirective[]> {
    return this.services.attempts.heartbeat(runnerOf(context.principal), attempts);
  }

  @Mutation(() => ReportAnswer)
  reportAttempt(
    @Arg('report', () => AttemptReportInput) report: AttemptReportInput,
    @Ctx() context: Context,
  ): Promise<ReportAnswer> {
    return this.services.reports.report(runnerOf(context.principal), report);
  }

  @Mutation(() => Run, { description: 'Idempotent; an attempt that is over stays as it is.' })
  finishAttempt(
    @Arg('attempt', () => AttemptRefInput) attempt: AttemptRefInput,
    @Arg('outcome', () => AttemptOutcome) outcome: AttemptOutcome,
    @Arg('message', () => String, { nullable: true }) message: string | null,
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

  @FieldResolver(() => [Attempt], { description: 'Oldest first.' })
  attempts(@Root() run: Run, @Ctx() context: Context): Promise<Attempt[]> {
    return this.services.attempts.ofRun(context, run.id);
  }

  @FieldResolver(() => Runner, { nullable: true, description: 'Who trains it, or trained it last; null in the queue.' })
  async runner(@Root() run: Run, @Ctx() context: Context): Promise<Runner | null> {
    if (run.state === RunState.QUEUED) return null;
    const newest = (await this.services.attempts.ofRun(context, run.id)).at(-1);
    return newest?.runnerId ? this.services.runners.load(context, newest.runnerId) : null;
  }
}

@Resolver(() => Runner)
export class RunnerAttemptsResolver {
  constructor(
    private readonly services: {
      attempts: AttemptsService;
    },
  ) {}

  @FieldResolver(() => [ActiveAttempt], { description: 'What it trains now.' })
  activeAttempts(@Root() runner: Runner, @Ctx() context: Context): Promise<ActiveAttempt[]> {
    return this.services.attempts.activeOf(context, runner.id);
  }
}
