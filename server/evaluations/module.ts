import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { ComparisonsRepository } from './comparisons.repository.js';
import { ComparisonsService } from './comparisons.service.js';
import { ClassIouRow, Evaluation } from './evaluation.entity.js';
import { EvaluationInput } from './evaluations.inputs.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsResolver, RunEvaluationsResolver, StudyTableResolver } from './evaluations.resolver.js';
import { EvaluationsService } from './evaluations.service.js';
import { RunScores } from './run-scores.entity.js';

export const evaluationsModule = createModule({
  create: ({ dataSource, datasets }: Base & { datasets: DatasetsService }) => {
    const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    const repository = new ComparisonsRepository(dataSource);
    return { evaluations, comparisons: new ComparisonsService({ repository, evaluations, datasets }) };
  },
  entities: [Evaluation, ClassIouRow, RunScores],
  resolvers: [EvaluationsResolver, RunEvaluationsResolver, StudyTableResolver],
  report: {
    field: 'evaluations',
    description: 'New evaluations.',
    input: () => [EvaluationInput],
    record: ({ evaluations }, { transaction, run, change }, inputs: EvaluationInput[]) =>
      evaluations.record(transaction, run, change, inputs),
  },
});
