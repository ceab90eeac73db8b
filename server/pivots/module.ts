import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { RareClassesService } from '../rare-classes/rare-classes.service.js';
import type { FieldNames } from '../runs/filter/field-names.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { RunsService } from '../runs/runs.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import type { StudyQueueService } from '../studies/study-queue.service.js';
import { PivotsRepository } from './pivots.repository.js';
import { PivotCellResolver, PivotsResolver, StudyPivotResolver } from './pivots.resolver.js';
import { PivotsService } from './pivots.service.js';
import { StudyRowResolver, StudyTableResolver } from './study-table.resolver.js';
import { StudyTablesService } from './study-tables.service.js';

interface Needs extends Base {
  datasets: DatasetsService;
  runs: RunsService;
  runFilters: RunFilters;
  fieldNames: FieldNames;
  studies: StudiesService;
  studyQueue: StudyQueueService;
  rareClasses: RareClassesService;
}

export const pivotsModule = createModule({
  create: ({ dataSource, datasets, rareClasses, runFilters, fieldNames: names, studies, studyQueue }: Needs) => {
    const repository = new PivotsRepository(dataSource);
    const shared = { repository, datasets, rareClasses, studies, studyQueue };
    return {
      pivots: new PivotsService({ ...shared, names, filters: runFilters }),
      studyTables: new StudyTablesService(shared),
    };
  },
  entities: [],
  resolvers: [PivotsResolver, StudyPivotResolver, PivotCellResolver, StudyTableResolver, StudyRowResolver],
});
