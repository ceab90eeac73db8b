import { type Base, createModule } from '../create-module.js';
import { PointColumnsInput } from './metrics.inputs.js';
import { MetricsRepository } from './metrics.repository.js';
import { MetricsResolver, SeriesResolver } from './metrics.resolver.js';
import { MetricsService } from './metrics.service.js';
import { PointRow, SeriesRow } from './series.entity.js';

export const metricsModule = createModule({
  create: ({ dataSource, events }: Base) => ({
    metrics: new MetricsService({ repository: new MetricsRepository(dataSource), events }),
  }),
  entities: [SeriesRow, PointRow],
  resolvers: [MetricsResolver, SeriesResolver],
  report: {
    field: 'points',
    description: 'New points, at most 500 series and 100,000 points per report.',
    input: () => [PointColumnsInput],
    record: ({ metrics }, { transaction, run }, columns: PointColumnsInput[]) =>
      metrics.record(transaction, run.id, columns),
  },
});
