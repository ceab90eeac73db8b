import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { runnerOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { INSTANCE, RunnerInstanceInput } from '../runners/runner-instance.input.js';
import { RegisteredRunner, RotatedRunner, RunnerInfoInput, RunnerSettings } from './lifecycle.inputs.js';
import type { RunnerLifecycleService } from './lifecycle.service.js';

@Resolver()
export class RunnerLifecycleResolver {
  constructor(
    private readonly services: {
      lifecycle: RunnerLifecycleService;
    },
  ) {}

  @Mutation(() => ID, {
    description:
      'Removes a runner and returns its id. Its token becomes invalid and its ' +
      'active attempts are LOST; the results of its runs stay. Needs the role ADMIN.',
  })
  removeRunner(
    @Arg('id', () => ID, { description: 'Runner to remove. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<string> {
    return this.services.lifecycle.remove(id);
  }

  @Mutation(() => RotatedRunner, {
    description:
      'Gives the runner a new token. The old one and its WebSockets end immediately, or after `overlapSeconds`. ' +
      '`crosscheck runner rotate-token` also writes it into the home of the runner. Needs the role ADMIN.',
  })
  rotateRunnerToken(
    @Arg('id', () => ID, { description: 'Runner whose token is replaced. NOT_FOUND if it does not exist.' })
    id: string,
    @Arg('overlapSeconds', () => Int, {
      defaultValue: 0,
      description: 'How long the old token stays valid, from 0 to 604,800 seconds (7 days).',
    })
    overlapSeconds: number,
  ): Promise<RotatedRunner> {
    return this.services.lifecycle.rotateToken(id, overlapSeconds);
  }

  @Mutation(() => RegisteredRunner, {
    description:
      'Registers a machine as a runner. Needs only the registration token; ' +
      'UNAUTHENTICATED if that is unknown, expired, revoked or used up, TOO_MANY_REQUESTS after too many unknown ones.',
  })
  registerRunner(
    @Arg('registrationToken', () => String, {
      description: 'A registration token. A successful registration counts as one use.',
    })
    registrationToken: string,
    @Arg('info', () => RunnerInfoInput, { description: 'The machine and the datasets that it holds.' })
    info: RunnerInfoInput,
    @Ctx() { address }: Context,
  ): Promise<RegisteredRunner> {
    return this.services.lifecycle.register(registrationToken, info, address);
  }

  @Mutation(() => RunnerSettings, {
    description:
      'Must be called when the agent starts. Updates the runner, ends a drain, and ends attempts left ' +
      'from before as LOST, so that their runs are queued again. Needs a runner token.',
  })
  startRunner(
    @Arg('info', () => RunnerInfoInput, { description: 'The machine and the datasets that it holds.' })
    info: RunnerInfoInput,
    @Arg('instance', () => RunnerInstanceInput, { nullable: true, description: INSTANCE })
    instance: RunnerInstanceInput | null,
    @Ctx() context: Context,
  ): Promise<RunnerSettings> {
    return this.services.lifecycle.start(runnerOf(context.principal), info, instance);
  }

  @Mutation(() => Boolean, {
    description:
      'Should be called when the agent stops, so that the next instance can start at once. Idempotent. Needs a runner token.',
  })
  async releaseRunner(
    @Arg('instance', () => RunnerInstanceInput, {
      description: 'Instance that has stopped. Nothing changes if another one speaks for the runner.',
    })
    instance: RunnerInstanceInput,
    @Ctx() context: Context,
  ): Promise<boolean> {
    await this.services.lifecycle.release(runnerOf(context.principal), instance);
    return true;
  }
}
