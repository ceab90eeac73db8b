import { Arg, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Runner, RunnerState } from './runner.entity.js';
import type { RunnersService } from './runners.service.js';

@Resolver(() => Runner)
export class RunnersResolver {
  constructor(
    private readonly services: {
      runners: RunnersService;
    },
  ) {}

  @Query(() => [Runner], { description: 'Those that were heard of most recently first.' })
  runners(): Promise<Runner[]> {
    return this.services.runners.all();
  }

  @Query(() => Runner, { nullable: true })
  runner(@Arg('id', () => ID) id: string): Promise<Runner | null> {
    return this.services.runners.byId(id);
  }

  @FieldResolver(() => RunnerState)
  state(@Root() runner: Runner): RunnerState {
    return this.services.runners.stateOf(runner);
  }

  @Mutation(() => Runner, {
    description: 'Lets the runner finish or checkpoint what it trains and claim nothing more until it is started anew.',
  })
  drainRunner(@Arg('id', () => ID) id: string): Promise<Runner> {
    return this.services.runners.drain(id);
  }
}
