import type { AlarmsService } from '../alarms/alarms.service.js';
import type { CheckpointsService } from '../checkpoints/checkpoints.service.js';
import { type Base, createModule } from '../create-module.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunsService } from '../runs/runs.service.js';
import { Attempt } from './attempt.entity.js';
import { AttemptsRepository } from './attempts.repository.js';
import { AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver } from './attempts.resolver.js';
import { AttemptsService } from './attempts.service.js';
import { ReportsService } from './reports.service.js';
import { RunQueueRepository } from './run-queue.repository.js';
import { Sweeper } from './sweeper.js';

interface Needs extends Base {
  runs: RunsService;
  runners: RunnersService;
  alarms: AlarmsService;
  checkpoints: CheckpointsService;
}

export const attemptsModule = createModule({
  create: ({ dataSource, env, logger, reportKinds, runs, runners, alarms, checkpoints }: Needs) => {
    const { leaseSeconds, sweepSeconds } = env;
    const repository = new AttemptsRepository(dataSource);
    const queue = new RunQueueRepository();
    const shared = { dataSource, repository, runs, runners };
    const attempts = new AttemptsService({ ...shared, queue, checkpoints, alarms, rules: env });
    return {
      attempts,
      reports: new ReportsService({ ...shared, attempts, reportKinds, leaseSeconds }),
      sweeper: new Sweeper({ attempts, runners, logger, sweepSeconds, leaseSeconds }),
    };
  },
  entities: [Attempt],
  resolvers: [AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver],
});
