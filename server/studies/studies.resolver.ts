import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { accountOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { type Connection, connectionOf } from '../graphql/connection.js';
import type { RunLists } from '../runs/order/run-lists.service.js';
import { Run } from '../runs/run.entity.js';
import { RunCounts } from '../runs/run-counts.js';
import { RunListArgs } from '../runs/runs.inputs.js';
import { RunConnection } from '../runs/runs.resolver.js';
import type { StudiesService } from './studies.service.js';
import { CreateStudyInput, StudyListArgs } from './studies.types.js';
import { Study } from './study.entity.js';

const StudyConnection = connectionOf(Study, 'Study');

@Resolver(() => Study)
export class StudiesResolver {
  constructor(
    private readonly services: {
      studies: StudiesService;
      runLists: RunLists;
      accounts: AccountsService;
    },
  ) {}

  @Query(() => StudyConnection, { description: 'Studies, newest first.' })
  studies(@Args(() => StudyListArgs) args: StudyListArgs): Promise<Connection<Study>> {
    return this.services.studies.page(args);
  }

  @Query(() => Study, { nullable: true, description: 'The study with this id; null if there is none.' })
  study(
    @Arg('id', () => ID, { description: 'UUID of the study, as in `Study.id`.' }) id: string,
  ): Promise<Study | null> {
    return this.services.studies.byId(id);
  }

  @FieldResolver(() => RunCounts, { description: 'How many runs are in each state.' })
  runCounts(@Root() study: Study, @Ctx() context: Context): Promise<RunCounts> {
    return this.services.studies.runCounts(context, study.id);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Account that created the study; null if that was before there were accounts.',
  })
  async author(@Root() { authorId }: Study, @Ctx() context: Context): Promise<Account | null> {
    return authorId ? this.services.accounts.load(context, authorId) : null;
  }

  @FieldResolver(() => RunConnection, { description: 'Runs of the study that meet the filter.' })
  runs(
    @Root() study: Study,
    @Args(() => RunListArgs) args: RunListArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Run>> {
    return this.services.runLists.pageOfStudy(context, study.id, args);
  }

  @Mutation(() => Study, {
    description:
      'Creates a study and queues all its runs, or none of them if one ' +
      'is invalid. BAD_USER_INPUT lists every problem.',
  })
  createStudy(
    @Arg('input', () => CreateStudyInput, { description: 'Name, base configuration and matrix of the study.' })
    input: CreateStudyInput,
    @Ctx() { principal }: Context,
  ): Promise<Study> {
    return this.services.studies.create(input, accountOf(principal).accountId);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a study with all its runs and their results, and returns its ' +
      'id. CONFLICT while one of the runs is RUNNING or CANCELING.',
  })
  deleteStudy(
    @Arg('id', () => ID, { description: 'Study to delete. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<string> {
    return this.services.studies.delete(id);
  }
}

@Resolver(() => Run)
export class RunStudyResolver {
  constructor(
    private readonly services: {
      studies: StudiesService;
    },
  ) {}

  @FieldResolver(() => Study, {
    nullable: true,
    description: 'Study that the run belongs to; null if it belongs to none.',
  })
  async study(@Root() run: Run, @Ctx() context: Context): Promise<Study | null> {
    return run.studyId ? this.services.studies.load(context, run.studyId) : null;
  }
}
