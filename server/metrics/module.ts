import { type Base, createModule } from '../create-module.js';
import { createMetrics } from './create-metrics.js';
import { PackedPointsInput, PointColumnsInput } from './metrics.inputs.js';
import { MetricsResolver, SeriesResolver } from './metrics.resolver.js';
import { unpacked } from './packed-points.js';
import { PointBatch, PointBlock, RunPoints } from './points/points.entity.js';
import { SeriesRow } from './series.entity.js';

export const metricsModule = createModule({
  create: ({ dataSource, events, logger }: Base) => {
    const { metrics, histories, exports, pointsKeeper } = createMetrics({ dataSource, events, logger });
    return { metrics, histories, exports, pointsKeeper };
  },
  entities: [SeriesRow, RunPoints, PointBatch, PointBlock],
  resolvers: [MetricsResolver, SeriesResolver],
  report: [
    {
      field: 'points',
      description: 'New points, at most 500 series and 20,000 points per report.',
      input: () => [PointColumnsInput],
      record: ({ metrics }, { transaction, run }, columns: PointColumnsInput[]) =>
        metrics.record(transaction, run.id, columns),
      prepare: ({ metrics }, attemptId, columns: PointColumnsInput[]) => metrics.appending(attemptId, columns),
    },
    {
      field: 'packedPoints',
      description: 'More new points, in a form that is faster to read. The limits are those of `points`.',
      input: () => PackedPointsInput,
      record: ({ metrics }, { transaction, run }, points: PackedPointsInput) =>
        metrics.record(transaction, run.id, unpacked(points)),
      prepare: async ({ metrics }, attemptId, points: PackedPointsInput) =>
        metrics.appending(attemptId, unpacked(points)),
    },
  ],
});
