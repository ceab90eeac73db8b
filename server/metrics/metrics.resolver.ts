import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import type { HistoriesService } from './histories.service.js';
import { HistoriesArgs, MetricsArgs } from './metrics.inputs.js';
import type { MetricsService } from './metrics.service.js';
import { MetricHistory, RunHistory, Series } from './metrics.types.js';

@Resolver(() => Run)
export class MetricsResolver {
  constructor(
    private readonly services: {
      metrics: MetricsService;
      histories: HistoriesService;
    },
  ) {}

  @Query(() => [RunHistory], {
    description:
      'Histories of series of several runs, each reduced to at most `maxPoints` points, by run and name. ' +
      'Extremes are kept, and points are never averaged.',
  })
  histories(@Args(() => HistoriesArgs) args: HistoriesArgs, @Ctx() { budget }: Context): Promise<RunHistory[]> {
    return this.services.histories.histories(budget, args);
  }

  @FieldResolver(() => [Series], { description: 'All series that the run has reported, by name.' })
  series(@Root() run: Run, @Ctx() context: Context): Promise<Series[]> {
    return this.services.metrics.series(context, run.id);
  }

  @FieldResolver(() => [MetricHistory], {
    description:
      'Histories of series, each reduced to at most `maxPoints` points. ' +
      'Extremes are kept, and points are never averaged.',
  })
  metrics(
    @Root() run: Run,
    @Args(() => MetricsArgs) args: MetricsArgs,
    @Ctx() context: Context,
  ): Promise<MetricHistory[]> {
    return this.services.histories.ofRun(context, run.id, args);
  }
}

@Resolver(() => Series)
export class SeriesResolver {
  constructor(
    private readonly services: {
      metrics: MetricsService;
    },
  ) {}

  @FieldResolver(() => Int, { description: 'Number of points stored.' })
  points(@Root() series: Series, @Ctx() context: Context): Promise<number> {
    return this.services.metrics.pointsOf(context, series.id);
  }
}
