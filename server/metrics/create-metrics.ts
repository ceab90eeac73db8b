import type { DataSource } from 'typeorm';
import type { Events } from '../events/events.js';
import type { Logger } from '../logger.js';
import { ExportsService } from './exports.service.js';
import { HistoriesService } from './histories.service.js';
import { MetricsService } from './metrics.service.js';
import { AddedPointsReader } from './points/added-points.js';
import { BatchesRepository } from './points/batches.repository.js';
import { BlocksRepository } from './points/blocks.repository.js';
import { PointsKeeper } from './points/points-keeper.js';
import { PointsReader } from './points/reader.js';
import { RecentBatches } from './points/recent-batches.js';
import { RollUp } from './points/roll-up.js';
import { SeriesRepository } from './series.repository.js';
import { SeriesIds } from './series-ids.js';

/** Constructs the services of points. */
export function createMetrics({
  dataSource,
  events,
  logger,
}: {
  dataSource: DataSource;
  events: Events;
  logger: Logger;
}) {
  const batches = new BatchesRepository(dataSource);
  const blocks = new BlocksRepository();
  const recent = new RecentBatches();
  const rollUp = new RollUp({ dataSource, batches, blocks, recent });
  const pointsKeeper = new PointsKeeper({ rollUp, batches, logger });
  const reader = new PointsReader({ dataSource, batches, blocks });
  const series = new SeriesRepository(dataSource);
  const seriesIds = new SeriesIds(series);
  events.on('resync', () => {
    seriesIds.clear();
    recent.clear();
  });
  const added = new AddedPointsReader(dataSource);
  const keeper = pointsKeeper;
  const metrics = new MetricsService({ series, seriesIds, batches, recent, reader, added, rollUp, keeper, events });
  const histories = new HistoriesService({ series, reader });
  const exports = new ExportsService({ series, reader });
  return { metrics, histories, exports, pointsKeeper, rollUp, reader };
}
