import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import { WaitingRepository } from './waiting.repository.js';
import { RunWaitingResolver, WaitingResolver } from './waiting.resolver.js';
import { WaitingService } from './waiting.service.js';

interface Needs extends Base {
  runs: RunsService;
  runners: RunnersService;
  datasets: DatasetsService;
  studies: StudiesService;
}

export const waitingModule = createModule({
  create: ({ dataSource, runs, runners, datasets, studies }: Needs) => ({
    waiting: new WaitingService({ repository: new WaitingRepository(dataSource), runs, runners, datasets, studies }),
  }),
  resolvers: [RunWaitingResolver, WaitingResolver],
});
