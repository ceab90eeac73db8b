import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { RegisteredRunner, RunnerInfoInput, RunnerSettings } from './lifecycle.inputs.js';
import type { RunnerLifecycleService } from './lifecycle.service.js';

@Resolver()
export class RunnerLifecycleResolver {
  constructor(
    private readonly services: {
      lifecycle: RunnerLifecycleService;
    },
  ) {}

  @Mutation(() => ID)
  removeRunner(@Arg('id', () => ID) id: string): Promise<string> {
    return this.services.lifecycle.remove(id);
  }

  @Mutation(() => RegisteredRunner)
  registerRunner(
    @Arg('registrationToken', () => String) registrationToken: string,
    @Arg('info', () => RunnerInfoInput) info: RunnerInfoInput,
  ): Promise<RegisteredRunner> {
    return this.services.lifecycle.register(registrationToken, info);
  }

  @Mutation(() => RunnerSettings, {
    description: 'Said once when the agent starts. Whatever this runner still held is lost and queued again.',
  })
  startRunner(
    @Arg('info', () => RunnerInfoInput) info: RunnerInfoInput,
    @Ctx() context: Context,
  ): Promise<RunnerSettings> {
    return this.services.lifecycle.start(runnerOf(context.principal), info);
  }
}
