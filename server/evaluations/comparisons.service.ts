import { type Context, inOrder } from '../context.js';
import { checkEntries } from '../graphql/checks.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { Run } from '../runs/run.entity.js';
import type { ComparisonsRepository } from './comparisons.repository.js';
import type { CompareArgs } from './evaluations.inputs.js';
import type { EvaluationsService } from './evaluations.service.js';
import type { RunClassIous } from './evaluations.types.js';

const MAX_COMPARED = 50;

/** Compares runs side by side. */
export class ComparisonsService {
  constructor(
    private readonly deps: {
      repository: ComparisonsRepository;
      evaluations: EvaluationsService;
    },
  ) {}

  /** One evaluation of each run, in the given order. A missing run is an error, because nobody would notice its absence. */
  async compareClassIous(context: Context, { runIds, ...args }: CompareArgs): Promise<RunClassIous[]> {
    const [runs, picked] = await Promise.all([
      this.runs(runIds),
      this.deps.evaluations.picked(runIds.slice(0, MAX_COMPARED).filter(isId), args),
    ]);
    this.deps.evaluations.learnDatasets(context, runs);
    // A run that is given twice is returned twice.
    const [ofRuns, evaluations] = [inOrder(runIds, runs, ({ id }) => id), inOrder(runIds, picked, (row) => row.runId)];
    return runIds.map((_, index) => ({ run: ofRuns[index]!, evaluation: evaluations[index]! }));
  }

  /** The runs to compare, in the given order, each once. @throws NOT_FOUND; BAD_USER_INPUT for fewer than `least` or too many */
  async runs(runIds: readonly string[], least = 1): Promise<Run[]> {
    const ids = [...new Set(runIds)];
    if (least === 1) checkEntries('runIds', runIds, MAX_COMPARED);
    else if (ids.length < least || runIds.length > MAX_COMPARED) {
      const count = runIds.length > MAX_COMPARED ? runIds.length : ids.length;
      throw refusal('RUNS_TO_COMPARE', { least, most: MAX_COMPARED, count });
    }
    const runs = inOrder(ids, await this.deps.repository.runs(ids), ({ id }) => id);
    const missing = ids.find((_, index) => !runs[index]);
    if (missing !== undefined) throw notFound('run', missing);
    return runs as Run[];
  }
}
