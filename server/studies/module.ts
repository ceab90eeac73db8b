import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { RunLists } from '../runs/order/run-lists.service.js';
import type { RunsService } from '../runs/runs.service.js';
import { StudiesRepository } from './studies.repository.js';
import { RunStudyResolver, StudiesResolver } from './studies.resolver.js';
import { StudiesService } from './studies.service.js';
import { Study } from './study.entity.js';

interface Needs extends Base {
  accounts: AccountsService;
  runs: RunsService;
  runLists: RunLists;
  runFilters: RunFilters;
  datasets: DatasetsService;
}

export const studiesModule = createModule({
  create: ({ dataSource, events, runs, runFilters, datasets }: Needs) => ({
    studies: new StudiesService({
      dataSource,
      events,
      repository: new StudiesRepository(dataSource),
      runs,
      runFilters,
      datasets,
    }),
  }),
  entities: [Study],
  resolvers: [StudiesResolver, RunStudyResolver],
});
