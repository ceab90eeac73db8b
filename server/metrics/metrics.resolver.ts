import { Args, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import { MetricsArgs, RunMetricsArgs } from './metrics.inputs.js';
import { MetricsService } from './metrics.service.js';
import { MetricHistory, Series } from './metrics.types.js';

@Resolver(() => Run)
export class MetricsResolver {
  constructor(private readonly metricsService: MetricsService) {}

  @FieldResolver(() => [Series], { description: 'All series that the run has reported, by name.' })
  series(@Root() run: Run): Promise<Series[]> {
    return this.metricsService.series(run.id);
  }

  @FieldResolver(() => [MetricHistory], {
    description:
      'Histories of series, each reduced to at most `maxPoints` points. ' +
      'Extremes are kept, and points are never averaged.',
  })
  metrics(@Root() run: Run, @Args(() => MetricsArgs) args: MetricsArgs): Promise<MetricHistory[]> {
    return this.metricsService.metrics(run.id, args);
  }

  @Subscription(() => [MetricHistory], {
    description:
      'Sends new points of a run, in at most about five batches per second. A resumed run ' +
      'reports some steps again; such a point replaces the earlier one. If a batch has more than ' +
      '2,000 points of a series, they are reduced. Ends when the run is deleted.',
    subscribe: ({ args, context }: { args: RunMetricsArgs; context: Context }) =>
      context.container.get(MetricsService).live(args),
  })
  runMetrics(@Root() histories: MetricHistory[], @Args(() => RunMetricsArgs) _args: RunMetricsArgs): MetricHistory[] {
    return histories;
  }
}
