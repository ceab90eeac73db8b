import type DataLoader from 'dataloader';
import { type Context, inOrder, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { ChangeRange } from '../database/changes.js';
import type { Transaction } from '../database/transaction.js';
import type { DatasetClass } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Budget } from '../graphql/budget.js';
import { invalid, refusal } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { confusionProblem, pixelsOf, scoresOf, sharesProblem } from './confusion.js';
import { type Evaluation, Pick, Subset } from './evaluation.entity.js';
import { evaluationKey } from './evaluation-key.js';
import type { EvaluationArgs, EvaluationInput, EvaluationsArgs } from './evaluations.inputs.js';
import type { EvaluationsRepository, StoredClassScores } from './evaluations.repository.js';
import type { ClassIou } from './evaluations.types.js';
import type { StoredImages } from './images.repository.js';
import { checkImages } from './images.validation.js';

const NO_CLASSES: StoredClassScores = { ious: [], precisions: [], recalls: [] };
/** How many numbers of confusion matrices are sent at a time to those who follow a run: a quarter of the budget of an operation. */
const NUMBERS_AT_ONCE = 250_000;

export class EvaluationsService {
  constructor(
    private readonly deps: {
      repository: EvaluationsRepository;
      datasets: DatasetsService;
    },
  ) {}

  byIds(ids: readonly string[]): Promise<Evaluation[]> {
    return this.deps.repository.byIds(ids);
  }

  /**
   * Computes the scores and stores them with the evaluations, within the caller's transaction. Replaces evaluations of the
   * same network, subset and step; if one occurs twice, the last counts.
   * @param change the number of the run's change that they belong to
   * @throws BAD_USER_INPUT for a negative step, a confusion matrix that does not fit the run's dataset, or images that do not add
   * up to it; then nothing is stored
   */
  async record(
    transaction: Transaction,
    run: { id: string; datasetId: string },
    change: number,
    inputs: readonly EvaluationInput[],
  ): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    const checked = inputs.map((input) => ({ ...input, images: checkedImages(input, classes.length) }));
    const scored = lastOfEach(checked, evaluationKey).map((evaluation) => ({
      ...evaluation,
      scores: scoresOf(evaluation.confusion, classes.length),
      pixels: pixelsOf(evaluation.confusion),
    }));
    await this.deps.repository.upsert(transaction, run.id, change, scored);
  }

  /**
   * The chosen evaluation of a run, on VAL by default. Batched: one query reads those of many runs.
   * @throws BAD_USER_INPUT if both a step and BEST are given
   */
  async evaluation(context: Context, runId: string, args: EvaluationArgs): Promise<Evaluation | null> {
    // Before the loader is chosen: with and without BEST, the same step has the same one.
    requireOneChoice(args);
    const name = `evaluations.${args.step ?? args.pick}.${args.network}.${args.subset ?? Subset.VAL}`;
    const loader = context.loaders.of<Evaluation>(name, async (runIds) =>
      inOrder(runIds, await this.picked(runIds, args), ({ runId }) => runId),
    );
    return loader.load(runId);
  }

  /** The chosen evaluation of each run that has one. @throws BAD_USER_INPUT if both a step and BEST are given */
  async picked(runIds: readonly string[], args: EvaluationArgs): Promise<Evaluation[]> {
    requireOneChoice(args);
    const { pick, step, network, subset } = args;
    if (typeof step !== 'number') return this.deps.repository.picked(runIds, pick, network, subset ?? Subset.VAL);
    return this.deps.repository.at(runIds, step, network, subset ?? Subset.VAL);
  }

  /** The subsets on which BRANCH1, which every method has, was evaluated at this step. */
  subsetsAt(transaction: Transaction, runId: string, step: number): Promise<Subset[]> {
    return this.deps.repository.subsetsAt(transaction, runId, step);
  }

  /** Oldest first. Batched: one query reads those of many runs. */
  async evaluations(context: Context, runId: string, args: EvaluationsArgs): Promise<Evaluation[]> {
    const { network, subset, fromStep, toStep } = args;
    const name = `evaluations.${network}.${subset}.${fromStep}.${toStep}`;
    const loader = context.loaders.of<Evaluation[]>(name, async (runIds) => {
      const found = await context.budget.rows((limit) => this.deps.repository.history(runIds, args, limit));
      return listsInOrder(runIds, found, ({ runId }) => runId);
    });
    return (await loader.load(runId))!;
  }

  /** The evaluations that were last written by the changes after `from`, up to `upTo`, which is at most `to`, in that order. */
  async changed(range: ChangeRange): Promise<{ evaluations: Evaluation[]; upTo: number }> {
    const { repository } = this.deps;
    const upTo = await repository.endOfPage(range, NUMBERS_AT_ONCE);
    return { evaluations: await repository.changed(range.runId, range.from, upTo), upTo };
  }

  /** The confusion matrix of an evaluation, row by row. Batched: one query reads those of many evaluations. */
  async confusion({ loaders, budget }: Context, evaluationId: string): Promise<number[]> {
    const loader = loaders.of<number[]>('evaluations.confusion', (ids) =>
      budget.inTurn(async () => {
        budget.spend(await this.deps.repository.sizeOfConfusions(ids));
        const matrices = await this.deps.repository.confusions(ids);
        return inOrder(ids, matrices, ({ id }) => id).map((row) => row?.confusion ?? null);
      }),
    );
    // Null only if the run was deleted between two reads of one request.
    return (await loader.load(evaluationId)) ?? [];
  }

  /** By class: the mean probability given to the true class; null if it is not known. Batched: one query reads those of many. */
  async confidences({ loaders, budget }: Context, evaluationId: string): Promise<(number | null)[] | null> {
    const loader = loaders.of<(number | null)[]>('evaluations.confidences', async (ids) => {
      const rows = await budget.rows(
        (limit) => this.deps.repository.confidences(ids, limit),
        ({ confidences }) => 1 + (confidences?.length ?? 0) / 2,
      );
      return inOrder(ids, rows, ({ id }) => id).map((row) => row?.confidences ?? null);
    });
    return loader.load(evaluationId);
  }

  /** Every class of the dataset with its name, colour and IoU. */
  async classIous(context: Context, evaluation: Evaluation): Promise<ClassIou[]> {
    const [{ ious }, classes] = await Promise.all([
      this.classScores(context, evaluation.id),
      this.classes(context, evaluation.runId),
    ]);
    return ious.flatMap((iou, classIndex) => {
      const found = classes[classIndex];
      return found ? [{ classIndex, name: found.name, color: found.color, iou }] : [];
    });
  }

  /** The scores of every class of the dataset. Batched: one query reads those of many evaluations. */
  async classScores({ loaders, budget }: Context, evaluationId: string): Promise<StoredClassScores> {
    const loader = loaders.of<StoredClassScores>('evaluations.classScores', (ids) => this.scoresOfClasses(budget, ids));
    // Null only if the run was deleted between two reads of one request.
    return (await loader.load(evaluationId)) ?? NO_CLASSES;
  }

  /** The classes of the dataset of a run, by index. Empty if the run was deleted between two reads of one request. Batched. */
  async classes(context: Context, runId: string): Promise<DatasetClass[]> {
    const datasetId = await this.datasetIds(context).load(runId);
    return datasetId ? (await this.deps.datasets.load(context, datasetId)).classes : [];
  }

  /** Spares this operation the look-up of the datasets of runs that were read anyway. */
  learnDatasets(context: Context, runs: readonly { id: string; datasetId: string }[]): void {
    for (const { id, datasetId } of runs) this.datasetIds(context).prime(id, datasetId);
  }

  private datasetIds({ loaders }: Context): DataLoader<string, string | null> {
    return loaders.of<string>('evaluations.datasetIds', async (runIds) => {
      const pairs = await this.deps.repository.datasetIds(runIds);
      return inOrder(runIds, pairs, (pair) => pair.runId).map((pair) => pair?.datasetId ?? null);
    });
  }

  /** The scores of the classes of each evaluation, in the given order; null for one that does not exist. */
  async scoresOfClasses(budget: Budget, evaluationIds: readonly string[]): Promise<(StoredClassScores | null)[]> {
    const found = await budget.rows(
      (limit) => this.deps.repository.classScores(evaluationIds, limit),
      ({ ious }) => ious.length,
    );
    return inOrder(evaluationIds, found, ({ evaluationId }) => evaluationId);
  }
}

function requireOneChoice({ pick, step }: EvaluationArgs): void {
  if (typeof step === 'number' && pick === Pick.BEST) throw refusal('STEP_AND_BEST', { step });
}

/** The images of a reported evaluation; null if it has none. @throws BAD_USER_INPUT if the evaluation is not valid */
function checkedImages(
  { network, subset, step, confusion, images, confidences }: EvaluationInput,
  classes: number,
): StoredImages | null {
  const what = `the evaluation of ${network} on ${subset} at step ${step}`;
  if (step < 0) throw invalid(what, [{ field: '', ...inputMistake('NEGATIVE_STEP', {}) }]);
  const problem = confusionProblem(confusion, classes);
  if (problem) throw invalid(what, [{ field: '', ...problem }]);
  const wrong = confidences ? sharesProblem(confidences, classes) : null;
  if (wrong) throw invalid(what, [{ field: 'confidences', ...wrong }]);
  return images ? checkImages(what, images, confusion, classes) : null;
}
