import type { Problem } from '../../schema/problems/problem.js';
import { type Context, inOrder, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { countsProblem } from '../evaluations/confusion.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake, problemIn } from '../graphql/reasons/problems.js';
import type { ClassLabels } from './class-counts.entity.js';
import type { ClassCountsInput } from './class-counts.inputs.js';
import type { ClassCountsRepository, CropTotals, PredictedSteps } from './class-counts.repository.js';

/** What the labels of runs hold, and when classes were predicted. */
export class ClassCountsService {
  constructor(
    private readonly deps: {
      repository: ClassCountsRepository;
      datasets: DatasetsService;
    },
  ) {}

  /**
   * Stores counts within the caller's transaction. Of those of the same step, the last ones count.
   * @throws BAD_USER_INPUT for counts that do not fit the run's dataset; then nothing is stored
   */
  async record(
    transaction: Transaction,
    run: { id: string; datasetId: string },
    inputs: readonly ClassCountsInput[],
  ): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = problemsOf(input, classes.length);
      if (problems.length > 0) throw invalid(`the class counts at step ${input.step}`, problems);
    }
    const counts = lastOfEach(inputs, ({ step }) => String(step));
    await this.deps.repository.upsert(transaction, run.id, counts, inputs.at(-1)!);
  }

  /** What the split's labelled images hold; null if it is not known. Batched. */
  labels({ loaders }: Context, runId: string): Promise<ClassLabels | null> {
    const loader = loaders.of<ClassLabels>('clinic.labels', async (ids) =>
      inOrder(ids, await this.deps.repository.labels(ids), (row) => row.runId),
    );
    return loader.load(runId);
  }

  /** What the training crops held; null if it is not known. Batched. */
  crops({ loaders, budget }: Context, runId: string): Promise<CropTotals | null> {
    const loader = loaders.of<CropTotals>('clinic.crops', async (ids) => {
      const rows = await budget.rows(() => this.deps.repository.crops(ids));
      return inOrder(ids, rows, (row) => row.runId);
    });
    return loader.load(runId);
  }

  /** When the network predicted each class on VAL. Batched. */
  async predictedSteps({ loaders, budget }: Context, runId: string, network: Predictor): Promise<PredictedSteps[]> {
    const loader = loaders.of<PredictedSteps[]>(`clinic.predicted.${network}`, async (ids) => {
      const rows = await budget.rows((limit) => this.deps.repository.predictedSteps(ids, network, limit));
      return listsInOrder(ids, rows, (row) => row.runId);
    });
    return (await loader.load(runId))!;
  }
}

function problemsOf(input: ClassCountsInput, classes: number): Problem[] {
  const { step, crops, cropsWithClass } = input;
  const negative = (value: number) => (value < 0 ? inputMistake('AT_LEAST', { min: 0, value }) : null);
  const tooMany = cropsWithClass.find((value) => value > crops);
  return [
    ...problemIn('step', negative(step)),
    ...problemIn('crops', negative(crops)),
    ...problemIn('labelledPixels', countsProblem(input.labelledPixels, classes)),
    ...problemIn('labelledImages', countsProblem(input.labelledImages, classes)),
    ...problemIn(
      'cropsWithClass',
      countsProblem(cropsWithClass, classes) ??
        (tooMany === undefined ? null : inputMistake('BETWEEN', { min: 0, max: crops, value: tooMany })),
    ),
  ];
}
