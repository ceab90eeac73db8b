import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RareClassesService } from '../rare-classes/rare-classes.service.js';
import { FieldNames } from './filter/field-names.js';
import { FiltersRepository } from './filter/filters.repository.js';
import { RunFilters } from './filter/run-filters.js';
import { GroupsRepository } from './groups/groups.repository.js';
import { RunGroupsResolver } from './groups/groups.resolver.js';
import { RunGroups } from './groups/groups.service.js';
import { LineageResolver } from './lineage.resolver.js';
import { RunListsRepository } from './order/run-lists.repository.js';
import { RunLists } from './order/run-lists.service.js';
import { ValuesRepository } from './order/values.repository.js';
import { RunValuesResolver } from './order/values.resolver.js';
import { RunValues } from './order/values.service.js';
import { Placement } from './placement.entity.js';
import { PlacementsRepository } from './placements.repository.js';
import { PlacementsService } from './placements.service.js';
import { Run } from './run.entity.js';
import { RunCreationService } from './run-creation.service.js';
import { checkSetup } from './run-setup.validation.js';
import { RunSetupInput } from './runs.inputs.js';
import { RunsRepository } from './runs.repository.js';
import { RunsResolver } from './runs.resolver.js';
import { RunsService } from './runs.service.js';

interface Needs extends Base {
  accounts: AccountsService;
  datasets: DatasetsService;
  rareClasses: RareClassesService;
}

export const runsModule = createModule({
  create: ({ dataSource, events, datasets, rareClasses }: Needs) => {
    const placements = new PlacementsService({ events, repository: new PlacementsRepository(dataSource) });
    const repository = new RunsRepository(dataSource);
    const runs = new RunsService({ dataSource, events, repository, placements });
    const names = new FieldNames({ repository: new FiltersRepository(dataSource), rareClasses });
    const runFilters = new RunFilters({ names });
    const lists = new RunListsRepository(dataSource);
    const runLists = new RunLists({ repository: lists, runs, datasets, filters: runFilters, names });
    const runValues = new RunValues({ repository: new ValuesRepository(dataSource), names });
    const runGroups = new RunGroups({ repository: new GroupsRepository(dataSource), filters: runFilters, names });
    const runCreation = new RunCreationService({ dataSource, datasets, runs });
    return { placements, fieldNames: names, runFilters, runs, runCreation, runLists, runValues, runGroups };
  },
  entities: [Placement, Run],
  resolvers: [RunsResolver, RunValuesResolver, RunGroupsResolver, LineageResolver],
  nodes: [{ entity: Run, load: ({ runs }, context, ids) => runs.loadMany(context, ids) }],
  report: {
    field: 'setup',
    description: 'What the runner found when it set up the run; null if it was sent before.',
    input: () => RunSetupInput,
    record: ({ runs }, { transaction, run }, setup: RunSetupInput) =>
      runs.update(transaction, run.id, checkSetup(setup)),
  },
});
