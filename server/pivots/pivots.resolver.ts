import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { RunWhere } from '../runs/filter/where.inputs.js';
import { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import { Study } from '../studies/study.entity.js';
import { pivotText } from './pivot-text.js';
import { PivotArgs, RenderArgs } from './pivots.inputs.js';
import type { PivotsService } from './pivots.service.js';
import { Pivot, PivotCell } from './pivots.types.js';

@Resolver(() => Pivot)
export class PivotsResolver {
  constructor(
    private readonly services: {
      pivots: PivotsService;
    },
  ) {}

  @Query(() => Pivot, { description: 'A table of the runs of all studies that meet a condition, at most 5,000.' })
  runsPivot(
    @Args(() => PivotArgs) args: PivotArgs,
    @Arg('where', () => RunWhere, { nullable: true, description: 'A condition that a run must meet, as a tree.' })
    where: RunWhere | null,
    @Arg('query', () => String, {
      nullable: true,
      description: 'A condition that a run must meet, as one line of text. With `where`, both must hold.',
    })
    query: string | null,
    @Ctx() { budget }: Context,
  ): Promise<Pivot> {
    return this.services.pivots.ofRuns(budget, { where, query }, args);
  }

  @FieldResolver(() => String, { description: 'The table as text. The best of each column is marked or bold.' })
  render(@Root() pivot: Pivot, @Args(() => RenderArgs) args: RenderArgs): Promise<string> {
    return pivotText(pivot, args);
  }
}

@Resolver(() => Study)
export class StudyPivotResolver {
  constructor(
    private readonly services: {
      pivots: PivotsService;
    },
  ) {}

  @FieldResolver(() => Pivot, {
    description: 'A table of the runs of the study. Runs of its matrix that do not exist are named as missing.',
  })
  pivot(@Root() study: Study, @Args(() => PivotArgs) args: PivotArgs, @Ctx() context: Context): Promise<Pivot> {
    return this.services.pivots.ofStudy(context, study, args);
  }
}

@Resolver(() => PivotCell)
export class PivotCellResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
    },
  ) {}

  @FieldResolver(() => [Run], { description: 'All runs of the cell, by number, whether or not they have a value.' })
  runs(@Root() { runIds }: PivotCell, @Ctx() context: Context): Promise<Run[]> {
    return this.services.runs.loadMany(context, runIds);
  }
}
