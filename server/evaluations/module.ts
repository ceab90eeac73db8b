import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { ClassChangesResolver } from './classes/class-changes.resolver.js';
import { ClassChangesService } from './classes/class-changes.service.js';
import { ClassHistoriesRepository } from './classes/class-histories.repository.js';
import { ClassHistoriesService } from './classes/class-histories.service.js';
import { ClassesResolver, ConfusionMatrixResolver } from './classes/classes.resolver.js';
import { ClassesService } from './classes/classes.service.js';
import { ComparisonsRepository } from './comparisons.repository.js';
import { ComparisonsService } from './comparisons.service.js';
import { ClassIouRow, Evaluation } from './evaluation.entity.js';
import { EvaluationImages } from './evaluation-images.entity.js';
import { EvaluationInput } from './evaluations.inputs.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsResolver, RunEvaluationsResolver } from './evaluations.resolver.js';
import { EvaluationsService } from './evaluations.service.js';
import { ImagesRepository } from './images.repository.js';
import { EvaluationImageResolver, EvaluationImagesResolver } from './images.resolver.js';
import { ImagesService } from './images.service.js';
import { RunScores } from './run-scores.entity.js';

export const evaluationsModule = createModule({
  create: ({ dataSource, datasets }: Base & { datasets: DatasetsService }) => {
    const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    const comparisons = new ComparisonsService({ repository: new ComparisonsRepository(dataSource), evaluations });
    const histories = new ClassHistoriesRepository(dataSource);
    return {
      evaluations,
      classes: new ClassesService({ evaluations }),
      classHistories: new ClassHistoriesService({ repository: histories, comparisons, datasets }),
      classChanges: new ClassChangesService({ evaluations, comparisons, datasets }),
      evaluationImages: new ImagesService({ repository: new ImagesRepository(dataSource), evaluations }),
      comparisons,
    };
  },
  entities: [Evaluation, ClassIouRow, EvaluationImages, RunScores],
  resolvers: [
    EvaluationsResolver,
    ClassesResolver,
    ClassChangesResolver,
    ConfusionMatrixResolver,
    EvaluationImagesResolver,
    EvaluationImageResolver,
    RunEvaluationsResolver,
  ],
  nodes: [{ entity: Evaluation, load: ({ evaluations }, _context, ids) => evaluations.byIds(ids) }],
  report: {
    field: 'evaluations',
    description: 'New evaluations.',
    input: () => [EvaluationInput],
    record: ({ evaluations }, { transaction, run, change }, inputs: EvaluationInput[]) =>
      evaluations.record(transaction, run, change, inputs),
  },
});
