import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { noteChanges } from '../audit/changes.js';
import type { Context } from '../context.js';
import type { ServerInfo } from '../server-info/server.resolver.js';
import { Runner, RunnerState } from './runner.entity.js';
import type { ChangedRunner, RunnersService } from './runners.service.js';
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
      'queue and claim nothing more until its agent restarts or `undrainRunner` is called. Needs the role ADMIN.',
  })
  drainRunner(
    @Arg('id', () => ID, { description: 'Runner to drain. NOT_FOUND if it does not exist.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.setDraining(id, true));
  }

  @Mutation(() => Runner, {
    description:
      'Ends a drain, so that the runner claims runs again. An agent before version 0.2 that trained while it was drained ' +
      'claims none until it restarts. Needs the role ADMIN.',
  })
  undrainRunner(
    @Arg('id', () => ID, { description: 'Runner whose drain ends. NOT_FOUND if it does not exist.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.setDraining(id, false));
  }

  @Mutation(() => Runner, {
    description:
      'Lets the runner finish the runs that it trains, but claim no others, even after a restart, until it is ' +
      'resumed. Needs the role ADMIN.',
  })
  pauseRunner(
    @Arg('id', () => ID, { description: 'Runner to pause. NOT_FOUND if it does not exist.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.setPaused(id, true));
  }

  @Mutation(() => Runner, { description: 'Lets a paused runner claim runs again. Needs the role ADMIN.' })
  resumeRunner(
    @Arg('id', () => ID, { description: 'Runner to resume. NOT_FOUND if it does not exist.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.setPaused(id, false));
  }

  @Mutation(() => Runner, {
    description:
      'Gives the runner another name, which it keeps, whatever name its machine announces. Needs the role ADMIN.',
  })
  renameRunner(
    @Arg('id', () => ID, { description: 'Runner to rename. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('name', () => String, { description: 'New name, 1 to 256 characters. It need not be unique.' }) name: string,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.rename(id, name));
  }

  @Mutation(() => Runner, {
    description:
      'Sets how many runs the server gives the runner at a time, no matter how many slots the runner announces. ' +
      'Runs that it is training already are not taken from it. Needs the role ADMIN.',
  })
  setRunnerSlotLimit(
    @Arg('id', () => ID, { description: 'Runner to change. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('limit', () => Int, { description: 'Maximum number of runs at a time, from 1 to 64.' }) limit: number,
    @Ctx() context: Context,
  ): Promise<Runner> {
    return noted(context, this.services.runners.setSlotLimit(id, limit));
  }
}

/** The runner. Its changes are part of the mutation's entry in the audit log. */
async function noted(context: Context, changed: Promise<ChangedRunner>): Promise<Runner> {
  const { runner, changes } = await changed;
  noteChanges(context, changes);
  return runner;
}
