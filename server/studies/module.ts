import type { AccountsService } from '../accounts/accounts.service.js';
import { foundOf } from '../context.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { RunLists } from '../runs/order/run-lists.service.js';
import type { RunsService } from '../runs/runs.service.js';
import { StudiesRepository } from './studies.repository.js';
import { RunStudyResolver, StudiesResolver } from './studies.resolver.js';
import { StudiesService } from './studies.service.js';
import { Study } from './study.entity.js';
import { StudyQueueResolver } from './study-queue.resolver.js';
import { StudyQueueService } from './study-queue.service.js';

interface Needs extends Base {
  accounts: AccountsService;
  runs: RunsService;
  runLists: RunLists;
  runFilters: RunFilters;
  datasets: DatasetsService;
}

export const studiesModule = createModule({
  create: ({ dataSource, events, runs, runFilters, datasets }: Needs) => {
    const deps = { dataSource, repository: new StudiesRepository(dataSource), runs, datasets };
    const studies = new StudiesService({ ...deps, events, runFilters });
    return { studies, studyQueue: new StudyQueueService({ ...deps, studies }) };
  },
  entities: [Study],
  resolvers: [StudiesResolver, RunStudyResolver, StudyQueueResolver],
  nodes: [{ entity: Study, load: ({ studies }, context, ids) => foundOf(ids, (id) => studies.load(context, id)) }],
});
