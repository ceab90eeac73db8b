import { Args, FieldResolver, Resolver, Root } from 'type-graphql';
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
  series(@Root() run: Run): Promise<Series[]> {
    return this.services.metrics.series(run.id);
  }

  @FieldResolver(() => [MetricHistory], {
    description:
      'Histories of series, each reduced to at most `maxPoints` points. ' +
      'Extremes are kept, and points are never averaged.',
  })
  metrics(@Root() run: Run, @Args(() => MetricsArgs) args: MetricsArgs): Promise<MetricHistory[]> {
    return this.services.metrics.metrics(run.id, args);
  }
}
