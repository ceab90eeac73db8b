import type { AlarmsService } from '../alarms/alarms.service.js';
import { type Base, createModule } from '../create-module.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { PlacementsService } from '../runs/placements.service.js';
import type { RunsService } from '../runs/runs.service.js';
import { LiveResolver } from './live.resolver.js';
import { LiveService } from './live.service.js';
import { LiveMetricsService } from './live-metrics.service.js';
import { WakeUps } from './wake-ups.js';

interface Needs extends Base {
  runs: RunsService;
  placements: PlacementsService;
  runners: RunnersService;
  alarms: AlarmsService;
  metrics: MetricsService;
}

export const liveModule = createModule({
  create: ({ events, logger, runs, placements, runners, alarms, metrics }: Needs) => ({
    live: new LiveService({
      ...{ events, logger, runs, runners, alarms },
      wakeUps: new WakeUps({ events, placements, logger }),
    }),
    liveMetrics: new LiveMetricsService({ events, metrics, runs }),
  }),
  resolvers: [LiveResolver],
});
