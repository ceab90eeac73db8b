import type { Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { Subset } from '../evaluations/evaluation.entity.js';
import type { EvaluationsService } from '../evaluations/evaluations.service.js';
import type { Run } from '../runs/run.entity.js';

/**
 * Finds out whether a run has really been completed. Training ends with the last step and an evaluation of VAL and TEST at
 * that step. A subset without images has no evaluation. An earlier attempt at the run may have reported them.
 */
export class Completion {
  constructor(
    private readonly deps: {
      datasets: DatasetsService;
      evaluations: EvaluationsService;
    },
  ) {}

  /** What the run lacks, as a phrase for people; null if nothing. */
  async missing(transaction: Transaction, run: Run): Promise<string | null> {
    if (run.step < run.iterations) {
      return `the newest reported step is ${run.step} of ${run.iterations}`;
    }
    const { name, valImages, testImages } = await this.deps.datasets.byId(transaction, run.datasetId);
    const evaluated = await this.deps.evaluations.subsetsAt(transaction, run.id, run.iterations);
    const expected = [...(valImages > 0 ? [Subset.VAL] : []), ...(testImages > 0 ? [Subset.TEST] : [])];
    const lacking = expected.filter((subset) => !evaluated.includes(subset));
    if (lacking.length === 0) return null;
    return `BRANCH1 has no evaluation on ${lacking.join(' and ')} of dataset "${name}" at step ${run.iterations}`;
  }
}
