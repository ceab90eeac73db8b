import type { AccountsService } from '../accounts/accounts.service.js';
import { accountOf } from '../auth/principal.js';
import { type Base, createModule } from '../create-module.js';
import type { FieldNames } from '../runs/filter/field-names.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import { SavedFilter } from './saved-filter.entity.js';
import { SavedFiltersRepository } from './saved-filters.repository.js';
import { SavedFiltersResolver } from './saved-filters.resolver.js';
import { SavedFiltersService } from './saved-filters.service.js';

interface Needs extends Base {
  accounts: AccountsService;
  fieldNames: FieldNames;
  runFilters: RunFilters;
}

export const savedFiltersModule = createModule({
  create: ({ dataSource, runFilters: filters, fieldNames: names }: Needs) => {
    const repository = new SavedFiltersRepository(dataSource);
    return { savedFilters: new SavedFiltersService({ dataSource, repository, filters, names }) };
  },
  entities: [SavedFilter],
  resolvers: [SavedFiltersResolver],
  nodes: [
    {
      entity: SavedFilter,
      load: ({ savedFilters }, { principal }, ids) => savedFilters.byIds(accountOf(principal), ids),
    },
  ],
});
