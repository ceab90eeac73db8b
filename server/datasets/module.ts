import { type Base, createModule } from '../create-module.js';
import type { RunnersService } from '../runners/runners.service.js';
import { Dataset, RunnerDataset } from './dataset.entity.js';
import { DatasetsRepository } from './datasets.repository.js';
import { DatasetsResolver, RunnerDatasetsResolver } from './datasets.resolver.js';
import { DatasetsService } from './datasets.service.js';

export const datasetsModule = createModule({
  create: ({ dataSource }: Base & { runners: RunnersService }) => ({
    datasets: new DatasetsService(new DatasetsRepository(dataSource)),
  }),
  entities: [Dataset, RunnerDataset],
  resolvers: [DatasetsResolver, RunnerDatasetsResolver],
  nodes: [{ entity: Dataset, load: ({ datasets }, _context, ids) => datasets.byIds(ids) }],
});
