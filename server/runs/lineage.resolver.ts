import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { LineageKind } from './lineage-kind.js';
import { Run } from './run.entity.js';
import type { RunsService } from './runs.service.js';

@ObjectType({ description: 'The run that another one was made from.' })
export class RunParent {
  @Field(() => LineageKind, { description: 'How it was made from that run.' })
  kind!: LineageKind;

  @Field(() => Int, { description: 'Number of that run, even if it has been deleted.' })
  number!: number;

  @Field(() => Run, { nullable: true, description: 'That run; null if it has been deleted.' })
  run!: Run | null;
}

/** Where a run comes from, and what was made from it. */
@Resolver(() => Run)
export class LineageResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
    },
  ) {}

  @FieldResolver(() => RunParent, {
    nullable: true,
    description:
      'Run that this one was cloned from, or that it retries; null if it is neither. A run that was queued again by `retryRun` ' +
      'without `copy` is still the same run: `attempts` has its tries.',
  })
  async parent(@Root() run: Run, @Ctx() context: Context): Promise<RunParent | null> {
    const { parentId, parentNumber, parentKind } = run;
    if (parentNumber === null || parentKind === null) return null;
    const parent = parentId === null ? null : await this.services.runs.load(context, parentId);
    return { kind: parentKind, number: parentNumber, run: parent };
  }

  @FieldResolver(() => [Run], { description: 'Runs that were made from this one, oldest first.' })
  children(
    @Root() run: Run,
    @Arg('first', () => Int, { defaultValue: 25, description: 'Page size, from 1 to 100.' })
    first: number,
    @Ctx() context: Context,
  ): Promise<Run[]> {
    return this.services.runs.children(context, run.id, first);
  }
}
