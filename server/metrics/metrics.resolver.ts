import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import { MetricsArgs } from './metrics.inputs.js';
import type { MetricsService } from './metrics.service.js';
import { MetricHistory, Series } from './metrics.types.js';

@Resolver(() => Run)
export class MetricsResolver {
  constructor(
    private readonly services: {
      metrics: MetricsService;
    },
  ) {}

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
    @Ctx() { budget }: Context,
  ): Promise<MetricHistory[]> {
    return this.services.metrics.metrics(budget, run.id, args);
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
