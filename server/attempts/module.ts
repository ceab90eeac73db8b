import type { AlarmsService } from '../alarms/alarms.service.js';
import type { UploadsService } from '../blobs/uploads.service.js';
import type { CheckpointsService } from '../checkpoints/checkpoints.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { PlacementsService } from '../runs/placements.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { Presence } from '../servers/presence.js';
import { Attempt } from './attempt.entity.js';
import { AttemptsRepository } from './attempts.repository.js';
import { AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver } from './attempts.resolver.js';
import { AttemptsService } from './attempts.service.js';
import { Completion } from './completion.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';
import { RunQueueRepository } from './run-queue.repository.js';
import { Sweeper } from './sweeper.js';

interface Needs extends Base {
  runs: RunsService;
  placements: PlacementsService;
  runners: RunnersService;
  alarms: AlarmsService;
  checkpoints: CheckpointsService;
  datasets: DatasetsService;
  evaluations: EvaluationsService;
  metrics: MetricsService;
  uploads: UploadsService;
  presence: Presence;
}

export const attemptsModule = createModule({
  create: ({ dataSource, env, events, logger, reportKinds, runs, runners, uploads, ...needs }: Needs) => {
    const { leaseSeconds, sweepSeconds } = env;
    const { alarms, checkpoints, datasets, evaluations, metrics, placements, presence } = needs;
    const completion = new Completion({ datasets, evaluations });
    const repository = new AttemptsRepository(dataSource);
    const queue = new RunQueueRepository(dataSource);
    const shared = { dataSource, repository, runs, runners };
    const attempts = new AttemptsService({
      ...shared,
      ...{ events, queue, checkpoints, alarms, metrics, completion, presence },
      rules: env,
    });
    return {
      attempts,
      reports: new ReportsService({
        ...shared,
        ...{ stored: new ReportsRepository(dataSource), attempts, uploads, reportKinds },
      }),
      sweeper: new Sweeper({ attempts, runners, placements, presence, logger, sweepSeconds, leaseSeconds }),
    };
  },
  entities: [Attempt],
  resolvers: [AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver],
  nodes: [{ entity: Attempt, load: ({ attempts }, _context, ids) => attempts.byIds(ids) }],
});
