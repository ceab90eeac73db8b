import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { ComparisonsRepository } from './comparisons.repository.js';
import { ComparisonsService } from './comparisons.service.js';
import { ClassIouRow, Evaluation } from './evaluation.entity.js';
import { EvaluationImages } from './evaluation-images.entity.js';
import { EvaluationInput } from './evaluations.inputs.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsResolver, RunEvaluationsResolver, StudyTableResolver } from './evaluations.resolver.js';
import { EvaluationsService } from './evaluations.service.js';
import { ImagesRepository } from './images.repository.js';
import { EvaluationImageResolver, EvaluationImagesResolver } from './images.resolver.js';
import { ImagesService } from './images.service.js';
import { RunScores } from './run-scores.entity.js';

export const evaluationsModule = createModule({
  create: ({ dataSource, datasets }: Base & { datasets: DatasetsService }) => {
    const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    const repository = new ComparisonsRepository(dataSource);
    return {
      evaluations,
      evaluationImages: new ImagesService({ repository: new ImagesRepository(dataSource), evaluations }),
      comparisons: new ComparisonsService({ repository, evaluations, datasets }),
    };
  },
  entities: [Evaluation, ClassIouRow, EvaluationImages, RunScores],
  resolvers: [
    EvaluationsResolver,
    EvaluationImagesResolver,
    EvaluationImageResolver,
    RunEvaluationsResolver,
    StudyTableResolver,
  ],
  report: {
    field: 'evaluations',
    description: 'New evaluations.',
    input: () => [EvaluationInput],
    record: ({ evaluations }, { transaction, run, change }, inputs: EvaluationInput[]) =>
      evaluations.record(transaction, run, change, inputs),
  },
});
