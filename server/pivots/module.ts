import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
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
}

export const pivotsModule = createModule({
  create: ({ dataSource, datasets, runFilters: filters, fieldNames: names, studies, studyQueue }: Needs) => {
    const repository = new PivotsRepository(dataSource);
    return {
      pivots: new PivotsService({ repository, names, filters, studies, studyQueue }),
      studyTables: new StudyTablesService({ repository, datasets }),
    };
  },
  entities: [],
  resolvers: [PivotsResolver, StudyPivotResolver, PivotCellResolver, StudyTableResolver, StudyRowResolver],
});
