import type { AlarmsService } from '../alarms/alarms.service.js';
import { type Base, createModule } from '../create-module.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { LogsService } from '../logs/logs.service.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { PlacementsService } from '../runs/placements.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { SamplesService } from '../samples/samples.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import { LiveResolver } from './live.resolver.js';
import { LiveService } from './live.service.js';
import { LiveMetricsService } from './live-metrics.service.js';
import { LiveRunResolver } from './live-run.resolver.js';
import { LiveRunService } from './live-run.service.js';
import { WakeUps } from './wake-ups.js';

interface Needs extends Base {
  runs: RunsService;
  runFilters: RunFilters;
  placements: PlacementsService;
  runners: RunnersService;
  alarms: AlarmsService;
  metrics: MetricsService;
  studies: StudiesService;
  evaluations: EvaluationsService;
  samples: SamplesService;
  logs: LogsService;
}

export const liveModule = createModule({
  create: ({ events, logger, placements, runners, runFilters, ...needs }: Needs) => {
    const { runs, studies, alarms, metrics, evaluations, samples, logs } = needs;
    const wakeUps = new WakeUps({ events, placements, logger });
    return {
      live: new LiveService({ events, logger, runs, runFilters, studies, runners, alarms, wakeUps }),
      liveRun: new LiveRunService({ events, runs, metrics, evaluations, samples, alarms, logs }),
      liveMetrics: new LiveMetricsService({ events, metrics, runs }),
    };
  },
  resolvers: [LiveResolver, LiveRunResolver],
});
