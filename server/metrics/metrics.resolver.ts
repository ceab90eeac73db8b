import { Args, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import { MetricsArgs, RunMetricsArgs } from './metrics.inputs.js';
import { MetricsService } from './metrics.service.js';
import { MetricHistory, Series } from './metrics.types.js';

@Resolver(() => Run)
export class MetricsResolver {
  constructor(private readonly metricsService: MetricsService) {}

  @FieldResolver(() => [Series])
  series(@Root() run: Run): Promise<Series[]> {
    return this.metricsService.series(run.id);
  }

  @FieldResolver(() => [MetricHistory], {
    description: 'Histories, reduced to at most maxPoints points each, keeping the extremes.',
  })
  metrics(@Root() run: Run, @Args(() => MetricsArgs) args: MetricsArgs): Promise<MetricHistory[]> {
    return this.metricsService.metrics(run.id, args);
  }

  @Subscription(() => [MetricHistory], {
    description:
      'New points of a run, at most about five batches a second; with sinceStep, what is stored after it comes first. ' +
      'Points of steps that were sent before replace them: a resumed run reports some steps again.',
    subscribe: ({ args, context }: { args: RunMetricsArgs; context: Context }) =>
      context.container.get(MetricsService).live(args),
  })
  runMetrics(@Root() histories: MetricHistory[], @Args(() => RunMetricsArgs) _args: RunMetricsArgs): MetricHistory[] {
    return histories;
  }
}
