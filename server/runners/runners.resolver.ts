import { Arg, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ServerInfo } from '../server-info/server.resolver.js';
import { Runner, RunnerState } from './runner.entity.js';
import type { RunnersService } from './runners.service.js';
import { versionWarning } from './version-warning.js';

@Resolver(() => Runner)
export class RunnersResolver {
  constructor(
    private readonly services: {
      runners: RunnersService;
      serverInfo: ServerInfo;
    },
  ) {}

  @Query(() => [Runner], { description: 'All registered runners, most recently seen first.' })
  runners(): Promise<Runner[]> {
    return this.services.runners.all();
  }

  @Query(() => Runner, {
    nullable: true,
    description: 'The runner with this id; null if there is none. A runner token only reads its own runner.',
  })
  runner(
    @Arg('id', () => ID, { description: 'UUID of the runner, as in `Runner.id`.' }) id: string,
  ): Promise<Runner | null> {
    return this.services.runners.byId(id);
  }

  @FieldResolver(() => RunnerState, { description: 'Whether the runner is connected and claims runs.' })
  state(@Root() runner: Runner): RunnerState {
    return this.services.runners.stateOf(runner);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'How the runner is older or newer than this server, and what to upgrade; null if it is neither.',
  })
  versionWarning(@Root() runner: Runner): string | null {
    return versionWarning(runner, this.services.serverInfo.version);
  }

  @Mutation(() => Runner, {
    description:
      'Tells the runner to write checkpoints, return its runs to the ' +
      'queue and claim nothing more until its agent restarts. Needs the role ADMIN.',
  })
  drainRunner(
    @Arg('id', () => ID, { description: 'Runner to drain. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<Runner> {
    return this.services.runners.drain(id);
  }

  @Mutation(() => Runner, {
    description:
      'Sets how many runs the server gives the runner at a time, no matter how many slots the runner announces. ' +
      'Runs that it is training already are not taken from it. Needs the role ADMIN.',
  })
  setRunnerSlotLimit(
    @Arg('id', () => ID, { description: 'Runner to change. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('limit', () => Int, { description: 'Maximum number of runs at a time, from 1 to 64.' }) limit: number,
  ): Promise<Runner> {
    return this.services.runners.setSlotLimit(id, limit);
  }
}
