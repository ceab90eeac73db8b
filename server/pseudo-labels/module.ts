import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { PseudoLabelsRow } from './pseudo-labels.entity.js';
import { PseudoLabelsInput } from './pseudo-labels.inputs.js';
import { PseudoLabelsRepository } from './pseudo-labels.repository.js';
import { PseudoLabelsResolver } from './pseudo-labels.resolver.js';
import { PseudoLabelsService } from './pseudo-labels.service.js';

export const pseudoLabelsModule = createModule({
  create: ({ dataSource, datasets }: Base & { datasets: DatasetsService }) => ({
    pseudoLabels: new PseudoLabelsService({ repository: new PseudoLabelsRepository(dataSource), datasets }),
  }),
  entities: [PseudoLabelsRow],
  resolvers: [PseudoLabelsResolver],
  report: {
    field: 'pseudoLabels',
    description: 'New counts of pseudo-labels.',
    input: () => [PseudoLabelsInput],
    record: ({ pseudoLabels }, { transaction, run }, inputs: PseudoLabelsInput[]) =>
      pseudoLabels.record(transaction, run, inputs),
  },
});
