import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context.js';
import { type Connection, connectionOf } from '../../graphql/connection.js';
import { Run } from '../run.entity.js';
import type { RunsService } from '../runs.service.js';
import type { RunGroups } from './groups.service.js';
import { RunGroup, RunGroupsArgs } from './groups.types.js';

const RunGroupConnection = connectionOf(RunGroup, 'RunGroup');

@Resolver(() => RunGroup)
export class RunGroupsResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
      runGroups: RunGroups;
    },
  ) {}

  @Query(() => RunGroupConnection, {
    description:
      'Runs in groups that share the values of some fields, with statistics of numbers over the runs of each, such as the mean ' +
      'mIoU over seeds.',
  })
  runGroups(@Args(() => RunGroupsArgs) args: RunGroupsArgs): Promise<Connection<RunGroup>> {
    return this.services.runGroups.page(args);
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description:
      'Run with the best first number of `values`, the oldest on ties; null if no run of the group has a finite one.',
  })
  async best(@Root() { bestId }: RunGroup, @Ctx() context: Context): Promise<Run | null> {
    return bestId ? this.services.runs.load(context, bestId) : null;
  }
}
