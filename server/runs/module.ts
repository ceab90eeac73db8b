import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RunnersService } from '../runners/runners.service.js';
import { FiltersRepository } from './filter/filters.repository.js';
import { RunFilters } from './filter/run-filters.js';
import { Placement } from './placement.entity.js';
import { PlacementsRepository } from './placements.repository.js';
import { PlacementsService } from './placements.service.js';
import { Run } from './run.entity.js';
import { checkSetup } from './run-setup.validation.js';
import { RunSetupInput } from './runs.inputs.js';
import { RunsRepository } from './runs.repository.js';
import { RunsResolver } from './runs.resolver.js';
import { RunsService } from './runs.service.js';

interface Needs extends Base {
  accounts: AccountsService;
  datasets: DatasetsService;
  runners: RunnersService;
}

export const runsModule = createModule({
  create: ({ dataSource, events, datasets }: Needs) => {
    const placements = new PlacementsService({ events, repository: new PlacementsRepository(dataSource) });
    const repository = new RunsRepository(dataSource);
    const filters = new RunFilters({ repository: new FiltersRepository(dataSource) });
    return { placements, runs: new RunsService({ dataSource, events, repository, placements, datasets, filters }) };
  },
  entities: [Placement, Run],
  resolvers: [RunsResolver],
  report: {
    field: 'setup',
    description: 'What the runner found when it set up the run; null if it was sent before.',
    input: () => RunSetupInput,
    record: ({ runs }, { transaction, run }, setup: RunSetupInput) =>
      runs.update(transaction, run.id, checkSetup(setup)),
  },
});
