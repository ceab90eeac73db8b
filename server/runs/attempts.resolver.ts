import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import { RunnersService } from '../runners/runners.service.js';
import { Attempt } from './attempt.entity.js';
import { AttemptsService } from './attempts.service.js';
import {
  AttemptDirective,
  AttemptOutcome,
  AttemptRefInput,
  AttemptReportInput,
  ClaimedRun,
  ReportAnswer,
} from './attempts.types.js';
import { ReportsService } from './reports.service.js';
import { Run } from './run.entity.js';

@Resolver(() => Attempt)
export class AttemptsResolver {
  constructor(
    private readonly attemptsService: AttemptsService,
    private readonly reportsService: ReportsService,
    private readonly runnersService: RunnersService,
  ) {}

  @FieldResolver(() => Runner, {
    nullable: true,
    description: 'Runner that made the attempt; null if it has been removed.',
  })
  async runner(@Root() { runnerId }: Attempt, @Ctx() context: Context): Promise<Runner | null> {
    return runnerId ? this.runnersService.load(context, runnerId) : null;
  }

  @Mutation(() => ClaimedRun, {
    nullable: true,
    description:
      'Claims the queued run that is first by priority, then by age, among those that fit ' +
      "the runner's pool, engine and datasets. Null if there is none, the runner is " +
      'draining, or its slots are taken. Not idempotent: if the answer is lost, the run ' +
      'stays claimed until the lease expires. Needs a runner token.',
  })
  claimRun(@Ctx() context: Context): Promise<ClaimedRun | null> {
    return this.attemptsService.claim(runnerOf(context.principal));
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
    @Ctx() context: Context,
  ): Promise<AttemptDirective[]> {
    return this.attemptsService.heartbeat(runnerOf(context.principal), attempts);
  }

  @Mutation(() => ReportAnswer, {
    description:
      'Stores a report and renews the lease. The report of an attempt that has ended is not stored, and the ' +
      "directive is LEASE_LOST. FORBIDDEN for another runner's attempt. Needs a runner token.",
  })
  reportAttempt(
    @Arg('report', () => AttemptReportInput, { description: 'What the attempt has produced since its last report.' })
    report: AttemptReportInput,
    @Ctx() context: Context,
  ): Promise<ReportAnswer> {
    return this.reportsService.report(runnerOf(context.principal), report);
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
    return this.attemptsService.finish(runnerOf(context.principal), attempt, outcome, message);
  }
}
