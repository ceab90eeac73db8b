import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import { BulkService } from './bulk.service.js';
import { Edit } from './edit.entity.js';
import { EditingResolver, EditResolver, RunEditsResolver, StudyEditsResolver } from './editing.resolver.js';
import { EditsRepository } from './edits.repository.js';
import { EditsService } from './edits.service.js';
import { RunEditingService } from './run-editing.service.js';
import { StudyEditingService } from './study-editing.service.js';

interface Needs extends Base {
  accounts: AccountsService;
  runs: RunsService;
  runFilters: RunFilters;
  studies: StudiesService;
}

export const editingModule = createModule({
  create: ({ dataSource, runs, studies, runFilters: filters }: Needs) => {
    const edits = new EditsService(new EditsRepository(dataSource));
    const bulk = new BulkService({ dataSource, runs, filters });
    return {
      edits,
      runEditing: new RunEditingService({ dataSource, runs, edits, bulk }),
      studyEditing: new StudyEditingService({ dataSource, runs, studies, edits }),
    };
  },
  entities: [Edit],
  resolvers: [EditingResolver, RunEditsResolver, StudyEditsResolver, EditResolver],
});
