import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Subset } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import { Study } from '../studies/study.entity.js';
import { StudyRow, StudyTable } from './study-table.types.js';
import type { StudyTablesService } from './study-tables.service.js';

@Resolver(() => Study)
export class StudyTableResolver {
  constructor(
    private readonly services: {
      studyTables: StudyTablesService;
    },
  ) {}

  @FieldResolver(() => StudyTable, {
    description:
      'Mean scores, with one row for each group of runs that differ only in their seed. For other rows, columns ' +
      'and values, and for intervals and gains, see `pivot`.',
  })
  table(
    @Root() study: Study,
    @Arg('subset', () => Subset, {
      nullable: true,
      description: 'Subset to read; null means TEST if all evaluated runs were evaluated on it, otherwise VAL.',
    })
    subset: Subset | null,
    @Ctx() context: Context,
  ): Promise<StudyTable> {
    return this.services.studyTables.of(context, study.id, subset ?? null);
  }
}

@Resolver(() => StudyRow)
export class StudyRowResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
    },
  ) {}

  @FieldResolver(() => [Run], {
    description: 'All runs of the row, by number. Those without an evaluation are included.',
  })
  runs(@Root() { runIds }: StudyRow, @Ctx() context: Context): Promise<Run[]> {
    return this.services.runs.loadMany(context, runIds);
  }
}
