import { Arg, Ctx, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run, RunState } from '../runs/run.entity.js';
import { CreateStudyInput } from '../studies/studies.types.js';
import type { WaitingService } from './waiting.service.js';
import { RunnerChance, StartEstimate, StudyPlan, WaitingReason } from './waiting.types.js';

interface Services {
  waiting: WaitingService;
}

@ObjectType({ description: 'Why a queued run has not started.' })
export class RunWaiting {
  run!: Run;
}

@Resolver(() => Run)
export class RunWaitingResolver {
  constructor(private readonly services: Services) {}

  @FieldResolver(() => RunWaiting, {
    nullable: true,
    description: 'Why the run has not started: docs/api/waiting.md. Null unless it is QUEUED.',
  })
  waiting(@Root() run: Run): RunWaiting | null {
    return run.state === RunState.QUEUED ? { run } : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why no runner can claim the run, as a sentence: what it needs, and what the runners lack, or what is still on its way. ' +
      'Null if the run is not QUEUED or only waits for its turn. `waiting` has more.',
  })
  async waitsFor(@Root() run: Run, @Ctx() context: Context): Promise<string | null> {
    return (await this.services.waiting.reason(context, run))?.message ?? null;
  }
}

@Resolver(() => RunWaiting)
export class WaitingResolver {
  constructor(private readonly services: Services) {}

  @FieldResolver(() => WaitingReason, {
    nullable: true,
    description: 'Why no runner claims the run; null if it only waits for its turn.',
  })
  reason(@Root() { run }: RunWaiting, @Ctx() context: Context): Promise<WaitingReason | null> {
    return this.services.waiting.reason(context, run);
  }

  @FieldResolver(() => [RunnerChance], {
    description: 'Every runner, and what keeps it from claiming the run. Those closest to claiming it come first.',
  })
  runners(
    @Root() { run }: RunWaiting,
    @Arg('first', () => Int, { defaultValue: 20, description: 'Page size, from 1 to 100.' })
    first: number,
    @Ctx() context: Context,
  ): Promise<RunnerChance[]> {
    return this.services.waiting.chances(context, run, first);
  }

  @FieldResolver(() => Int, {
    description:
      'How many queued runs that the same runners may claim come before it. More than 10,000 with the same ' +
      'requirements are counted as 10,000.',
  })
  ahead(@Root() { run }: RunWaiting, @Ctx() context: Context): Promise<number> {
    return this.services.waiting.ahead(context, run);
  }

  @FieldResolver(() => StartEstimate, {
    nullable: true,
    description:
      'When the run may start, from how long earlier attempts took; null if no runner claims such runs, or none of those that ' +
      'do has completed one within 30 days.',
  })
  estimate(@Root() { run }: RunWaiting, @Ctx() context: Context): Promise<StartEstimate | null> {
    return this.services.waiting.estimate(context, run);
  }

  @Query(() => StudyPlan, {
    description:
      'What `createStudy` would do with the same input, without doing it: the names of the runs, and which of ' +
      'them no runner could claim now. BAD_USER_INPUT lists every problem.',
  })
  planStudy(
    @Arg('input', () => CreateStudyInput, { description: 'The same as for `createStudy`.' }) input: CreateStudyInput,
    @Ctx() context: Context,
  ): Promise<StudyPlan> {
    return this.services.waiting.plan(context, input);
  }
}
