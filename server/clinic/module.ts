import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { PseudoLabelsService } from '../pseudo-labels/pseudo-labels.service.js';
import { ClassCrops, ClassLabels } from './class-counts.entity.js';
import { ClassCountsInput } from './class-counts.inputs.js';
import { ClassCountsRepository } from './class-counts.repository.js';
import { ClassCountsService } from './class-counts.service.js';
import { ClinicResolver } from './clinic.resolver.js';
import { ClinicService } from './clinic.service.js';

interface Needs {
  datasets: DatasetsService;
  evaluations: EvaluationsService;
  pseudoLabels: PseudoLabelsService;
}

export const clinicModule = createModule({
  create: ({ dataSource, datasets, evaluations, pseudoLabels }: Base & Needs) => {
    const counts = new ClassCountsService({ repository: new ClassCountsRepository(dataSource), datasets });
    return { classCounts: counts, clinic: new ClinicService({ counts, evaluations, pseudoLabels }) };
  },
  entities: [ClassLabels, ClassCrops],
  resolvers: [ClinicResolver],
  report: {
    field: 'classCounts',
    description: 'What the labels and the training crops hold, by class.',
    input: () => [ClassCountsInput],
    record: ({ classCounts }, { transaction, run }, inputs: ClassCountsInput[]) =>
      classCounts.record(transaction, run, inputs),
  },
});
