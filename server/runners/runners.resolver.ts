import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { AttemptsService } from '../runs/attempts.service.js';
import { ActiveAttempt } from '../runs/attempts.types.js';
import { RunnerLifecycleService } from './lifecycle.service.js';
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

  @Query(() => [Runner], { description: 'All registered runners, most recently seen first.' })
  runners(): Promise<Runner[]> {
    return this.runnersService.all();
  }

  @Query(() => Runner, { nullable: true, description: 'The runner with this id; null if there is none.' })
  runner(
    @Arg('id', () => ID, { description: 'UUID of the runner, as in `Runner.id`.' }) id: string,
  ): Promise<Runner | null> {
    return this.runnersService.byId(id);
  }

  @FieldResolver(() => RunnerState, { description: 'Whether the runner is connected and claims runs.' })
  state(@Root() runner: Runner): RunnerState {
    return this.runnersService.stateOf(runner);
  }

  @FieldResolver(() => [ActiveAttempt], { description: 'Attempts that the runner is working on, oldest first.' })
  activeAttempts(@Root() runner: Runner, @Ctx() context: Context): Promise<ActiveAttempt[]> {
    return this.attemptsService.activeOf(context, runner.id);
  }

  @Mutation(() => Runner, {
    description:
      'Tells the runner to write checkpoints, return its runs to the ' +
      'queue and claim nothing more until its agent restarts.',
  })
  drainRunner(
    @Arg('id', () => ID, { description: 'Runner to drain. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<Runner> {
    return this.runnersService.drain(id);
  }

  @Mutation(() => ID, {
    description:
      'Removes a runner and returns its id. Its token becomes invalid and its ' +
      'active attempts are LOST; the results of its runs stay.',
  })
  removeRunner(
    @Arg('id', () => ID, { description: 'Runner to remove. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<string> {
    return this.lifecycleService.remove(id);
  }

  @Mutation(() => RegisteredRunner, {
    description:
      'Registers a machine as a runner. Needs only the registration token; ' +
      'UNAUTHENTICATED if that is unknown, expired or used up.',
  })
  registerRunner(
    @Arg('registrationToken', () => String, {
      description: 'A registration token. A successful registration counts as one use.',
    })
    registrationToken: string,
    @Arg('info', () => RunnerInfoInput, { description: 'The machine and the datasets that it holds.' })
    info: RunnerInfoInput,
  ): Promise<RegisteredRunner> {
    return this.lifecycleService.register(registrationToken, info);
  }

  @Mutation(() => RunnerSettings, {
    description:
      'Must be called when the agent starts. Updates the runner, ends a drain, and ends attempts left ' +
      'from before as LOST, so that their runs are queued again. Needs a runner token.',
  })
  startRunner(
    @Arg('info', () => RunnerInfoInput, { description: 'The machine and the datasets that it holds.' })
    info: RunnerInfoInput,
    @Ctx() context: Context,
  ): Promise<RunnerSettings> {
    return this.lifecycleService.start(runnerOf(context.principal), info);
  }
}
