import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { type Connection, connectionOf } from '../graphql/connection.js';
import { Run } from '../runs/run.entity.js';
import { RunFilter, RunOrder } from '../runs/runs.inputs.js';
import { RunConnection } from '../runs/runs.resolver.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from './studies.service.js';
import { CreateStudyInput, RunCounts } from './studies.types.js';
import { Study } from './study.entity.js';

const StudyConnection = connectionOf(Study, 'Study');

@Resolver(() => Study)
export class StudiesResolver {
  constructor(
    private readonly services: {
      studies: StudiesService;
      runs: RunsService;
    },
  ) {}

  @Query(() => StudyConnection, { description: 'Newest first.' })
  studies(
    @Arg('first', () => Int, { defaultValue: 25, description: 'At most 100.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Study>> {
    return this.services.studies.page(first, after);
  }

  @Query(() => Study, { nullable: true })
  study(@Arg('id', () => ID) id: string): Promise<Study | null> {
    return this.services.studies.byId(id);
  }

  @FieldResolver(() => RunCounts)
  runCounts(@Root() study: Study, @Ctx() context: Context): Promise<RunCounts> {
    return this.services.studies.runCounts(context, study.id);
  }

  @FieldResolver(() => RunConnection)
  runs(
    @Root() study: Study,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Arg('orderBy', () => RunOrder, { nullable: true }) orderBy: RunOrder | null,
    @Arg('first', () => Int, { defaultValue: 25, description: 'At most 100.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Run>> {
    return this.services.runs.page({ filter: { ...filter, studyId: study.id }, orderBy, first, after });
  }

  @Mutation(() => Study, { description: 'Queues every run of the matrix, or none.' })
  createStudy(@Arg('input', () => CreateStudyInput) input: CreateStudyInput): Promise<Study> {
    return this.services.studies.create(input);
  }

  @Mutation(() => ID, { description: 'With all its runs; refused while one of them is trained.' })
  deleteStudy(@Arg('id', () => ID) id: string): Promise<string> {
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

  @FieldResolver(() => Study, { nullable: true })
  async study(@Root() run: Run, @Ctx() context: Context): Promise<Study | null> {
    return run.studyId ? this.services.studies.load(context, run.studyId) : null;
  }
}
