import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { type Connection, connectionOf } from '../graphql/connection.js';
import { Run } from '../runs/run.entity.js';
import { RunFilter, RunOrder } from '../runs/runs.inputs.js';
import { RunConnection } from '../runs/runs.resolver.js';
import { RunsService } from '../runs/runs.service.js';
import { StudiesService } from './studies.service.js';
import { CreateStudyInput, RunCounts } from './studies.types.js';
import { Study } from './study.entity.js';

const StudyConnection = connectionOf(Study, 'Study');

@Resolver(() => Study)
export class StudiesResolver {
  constructor(
    private readonly studiesService: StudiesService,
    private readonly runsService: RunsService,
  ) {}

  @Query(() => StudyConnection, { description: 'All studies, newest first.' })
  studies(
    @Arg('first', () => Int, { defaultValue: 25, description: 'Page size, from 1 to 100.' }) first: number,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Return the items after this cursor, usually `pageInfo.endCursor` ' +
        'of the previous page. Null starts at the beginning.',
    })
    after: string | null,
  ): Promise<Connection<Study>> {
    return this.studiesService.page(first, after);
  }

  @Query(() => Study, { nullable: true, description: 'The study with this id; null if there is none.' })
  study(
    @Arg('id', () => ID, { description: 'UUID of the study, as in `Study.id`.' }) id: string,
  ): Promise<Study | null> {
    return this.studiesService.byId(id);
  }

  @FieldResolver(() => RunCounts, { description: 'How many runs are in each state.' })
  runCounts(@Root() study: Study, @Ctx() context: Context): Promise<RunCounts> {
    return this.studiesService.runCounts(context, study.id);
  }

  @FieldResolver(() => RunConnection, { description: 'Runs of the study that meet the filter.' })
  runs(
    @Root() study: Study,
    @Arg('filter', () => RunFilter, {
      nullable: true,
      description: 'Conditions that a run must meet; null returns all runs.',
    })
    filter: RunFilter | null,
    @Arg('orderBy', () => RunOrder, { nullable: true, description: 'Sort order. Default: newest first.' })
    orderBy: RunOrder | null,
    @Arg('first', () => Int, { defaultValue: 25, description: 'Page size, from 1 to 100.' }) first: number,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Return the items after this cursor, usually `pageInfo.endCursor` ' +
        'of the previous page. Null starts at the beginning.',
    })
    after: string | null,
  ): Promise<Connection<Run>> {
    return this.runsService.page({ filter: { ...filter, studyId: study.id }, orderBy, first, after });
  }

  @Mutation(() => Study, {
    description:
      'Creates a study and queues all its runs, or none of them if one ' +
      'is invalid. BAD_USER_INPUT lists every problem.',
  })
  createStudy(
    @Arg('input', () => CreateStudyInput, { description: 'Name, base configuration and matrix of the study.' })
    input: CreateStudyInput,
  ): Promise<Study> {
    return this.studiesService.create(input);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a study with all its runs and their results, and returns its ' +
      'id. CONFLICT while one of the runs is RUNNING or CANCELING.',
  })
  deleteStudy(
    @Arg('id', () => ID, { description: 'Study to delete. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<string> {
    return this.studiesService.delete(id);
  }
}

@Resolver(() => Run)
export class RunStudyResolver {
  constructor(private readonly studiesService: StudiesService) {}

  @FieldResolver(() => Study, {
    nullable: true,
    description: 'Study that the run belongs to; null if it belongs to none.',
  })
  async study(@Root() run: Run, @Ctx() context: Context): Promise<Study | null> {
    return run.studyId ? this.studiesService.load(context, run.studyId) : null;
  }
}
