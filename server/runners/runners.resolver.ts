import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { AttemptsService } from '../attempts/attempts.service.js';
import { ActiveAttempt } from '../attempts/attempts.types.js';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { RunnerLifecycleService } from '../runner-lifecycle/lifecycle.service.js';
import { Runner, RunnerState } from './runner.entity.js';
import { RegisteredRunner, RunnerInfoInput, RunnerSettings } from './runners.inputs.js';
import { RunnersService } from './runners.service.js';

@Resolver(() => Runner)
export class RunnersResolver {
  constructor(
    private readonly runnersService: RunnersService,
    private readonly lifecycleService: RunnerLifecycleService,
    private readonly attemptsService: AttemptsService,
  ) {}

  @Query(() => [Runner], { description: 'Those that were heard of most recently first.' })
  runners(): Promise<Runner[]> {
    return this.runnersService.all();
  }

  @Query(() => Runner, { nullable: true })
  runner(@Arg('id', () => ID) id: string): Promise<Runner | null> {
    return this.runnersService.byId(id);
  }

  @FieldResolver(() => RunnerState)
  state(@Root() runner: Runner): RunnerState {
    return this.runnersService.stateOf(runner);
  }

  @FieldResolver(() => [ActiveAttempt], { description: 'What it trains now.' })
  activeAttempts(@Root() runner: Runner, @Ctx() context: Context): Promise<ActiveAttempt[]> {
    return this.attemptsService.activeOf(context, runner.id);
  }

  @Mutation(() => Runner, {
    description: 'Lets the runner finish or checkpoint what it trains and claim nothing more until it is started anew.',
  })
  drainRunner(@Arg('id', () => ID) id: string): Promise<Runner> {
    return this.runnersService.drain(id);
  }

  @Mutation(() => ID)
  removeRunner(@Arg('id', () => ID) id: string): Promise<string> {
    return this.lifecycleService.remove(id);
  }

  @Mutation(() => RegisteredRunner)
  registerRunner(
    @Arg('registrationToken', () => String) registrationToken: string,
    @Arg('info', () => RunnerInfoInput) info: RunnerInfoInput,
  ): Promise<RegisteredRunner> {
    return this.lifecycleService.register(registrationToken, info);
  }

  @Mutation(() => RunnerSettings, {
    description: 'Said once when the agent starts. Whatever this runner still held is lost and queued again.',
  })
  startRunner(
    @Arg('info', () => RunnerInfoInput) info: RunnerInfoInput,
    @Ctx() context: Context,
  ): Promise<RunnerSettings> {
    return this.lifecycleService.start(runnerOf(context.principal), info);
  }
}
