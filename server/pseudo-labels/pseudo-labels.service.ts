import type { Problem } from '../../schema/problems/problem.js';
import { type Context, inOrder, listsInOrder } from '../context.js';
import { lastOfEach } from '../database/batches.js';
import type { Transaction } from '../database/transaction.js';
import type { DatasetClass } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { confusionProblem, countsProblem, scoresOf, sharesOf } from '../evaluations/confusion.js';
import type { Predictor } from '../evaluations/evaluation.entity.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake, problemIn } from '../graphql/reasons/problems.js';
import type { Run } from '../runs/run.entity.js';
import type { PseudoLabelsRow } from './pseudo-labels.entity.js';
import type { PseudoLabelsArgs, PseudoLabelsInput } from './pseudo-labels.inputs.js';
import type { PseudoLabelsRepository } from './pseudo-labels.repository.js';
import type { PseudoLabels } from './pseudo-labels.types.js';

export class PseudoLabelsService {
  constructor(
    private readonly deps: {
      repository: PseudoLabelsRepository;
      datasets: DatasetsService;
    },
  ) {}

  /**
   * Stores pixel counts within the caller's transaction, replacing those of the same network and step. If these occur twice,
   * the last counts.
   * @throws BAD_USER_INPUT for counts that do not fit the run's dataset; then nothing is stored
   */
  async record(
    transaction: Transaction,
    run: { id: string; datasetId: string },
    inputs: readonly PseudoLabelsInput[],
  ): Promise<void> {
    const { classes } = await this.deps.datasets.byId(transaction, run.datasetId);
    for (const input of inputs) {
      const problems = problemsOf(input, classes.length);
      if (problems.length > 0) throw invalid(`the pseudo-labels of ${input.network} at step ${input.step}`, problems);
    }
    const scored = lastOfEach(inputs, ({ network, step }) => [network, step].join()).map((input) => ({
      ...input,
      scores: input.confusion ? scoresOf(input.confusion, classes.length) : null,
    }));
    await this.deps.repository.upsert(transaction, run.id, scored);
  }

  /** Oldest first. Batched: one query reads those of many runs. */
  async ofRun(context: Context, run: Run, args: PseudoLabelsArgs): Promise<PseudoLabels[]> {
    const { network, fromStep, toStep } = args;
    const name = `pseudoLabels.${network}.${fromStep}.${toStep}`;
    const loader = context.loaders.of<PseudoLabelsRow[]>(name, async (ids) => {
      const rows = await context.budget.rows((limit) => this.deps.repository.history(ids, args, limit));
      return listsInOrder(ids, rows, ({ runId }) => runId);
    });
    const rows = (await loader.load(run.id))!;
    const { classes } = await this.deps.datasets.load(context, run.datasetId);
    return rows.map((row) => described(row, classes));
  }

  /** The newest of the network; null if there are none. Batched: one query reads those of many runs. */
  async newest(context: Context, run: Run, network: Predictor): Promise<PseudoLabels | null> {
    const loader = context.loaders.of<PseudoLabelsRow>(`pseudoLabels.newest.${network}`, async (ids) =>
      inOrder(ids, await this.deps.repository.newest(ids, network), ({ runId }) => runId),
    );
    const row = await loader.load(run.id);
    return row && described(row, (await this.deps.datasets.load(context, run.datasetId)).classes);
  }

  /** The newest step that has pseudo-labels of the network. Batched: one query reads those of many runs. */
  async newestStep(context: Context, runId: string, network: Predictor): Promise<number | null> {
    const loader = context.loaders.of<{ runId: string; step: number }>(`pseudoLabelStep.${network}`, async (ids) =>
      inOrder(ids, await this.deps.repository.newestSteps(ids, network), (row) => row.runId),
    );
    return (await loader.load(runId))?.step ?? null;
  }
}

function problemsOf(input: PseudoLabelsInput, classes: number): Problem[] {
  const { step, undecidedPixels, confusion } = input;
  const negative = (value: number) => (value < 0 ? inputMistake('AT_LEAST', { min: 0, value }) : null);
  return [
    ...problemIn('step', negative(step)),
    ...problemIn('labelledPixels', countsProblem(input.labelledPixels, classes)),
    ...problemIn('pseudoPixels', countsProblem(input.pseudoPixels, classes)),
    ...problemIn('undecidedPixels', negative(undecidedPixels)),
    ...problemIn('confusion', confusion ? confusionProblem(confusion, classes) : null),
  ];
}

function described(row: PseudoLabelsRow, classes: readonly DatasetClass[]): PseudoLabels {
  const shares = sharesOf(row.pseudoPixels);
  const labelledShares = sharesOf(row.labelledPixels);
  const given = row.pseudoPixels.reduce((sum, pixels) => sum + pixels, 0);
  const pixels = given + row.undecidedPixels;
  return {
    step: row.step,
    network: row.network,
    coverage: pixels > 0 ? given / pixels : null,
    meanIou: row.meanIou,
    classes: classes.map(({ name, color }, classIndex) => ({
      classIndex,
      name,
      color,
      share: shares[classIndex] ?? null,
      labelledShare: labelledShares[classIndex] ?? null,
      iou: row.classIous?.[classIndex] ?? null,
    })),
  };
}
