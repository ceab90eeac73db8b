import type { RunConfig } from '../../schema/run-config.js';
import { parseStoredConfig } from '../../schema/stored-config.js';
import { inOrder } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Budget } from '../graphql/budget.js';
import { badUserInput, notFound } from '../graphql/errors.js';
import type { ComparisonsRepository } from './comparisons.repository.js';
import { type Evaluation, Pick, Predictor, Subset } from './evaluation.entity.js';
import type { CompareArgs } from './evaluations.inputs.js';
import type { EvaluationsService } from './evaluations.service.js';
import type { RunClassIous, StudyTable } from './evaluations.types.js';
import { commonSubset, ofMostPixels, studyTable } from './study-table.js';

const MAX_COMPARED = 50;

/** Compares runs side by side. */
export class ComparisonsService {
  constructor(
    private readonly deps: {
      repository: ComparisonsRepository;
      evaluations: EvaluationsService;
      datasets: DatasetsService;
    },
  ) {}

  /** One evaluation of each run, in the given order. A missing run is an error, because nobody would notice its absence. */
  async compareClassIous({ runIds, ...args }: CompareArgs): Promise<RunClassIous[]> {
    if (runIds.length < 1 || runIds.length > MAX_COMPARED) {
      throw badUserInput(`runIds: must have 1 to ${MAX_COMPARED} entries; got ${runIds.length}`);
    }
    const runs = inOrder(runIds, await this.deps.repository.runs(runIds), ({ id }) => id);
    const missing = runIds.find((_, index) => !runs[index]);
    if (missing !== undefined) throw notFound('run', missing);
    const picked = inOrder(runIds, await this.deps.evaluations.picked(runIds, args), ({ runId }) => runId);
    return runs.map((run, index) => ({ run: run!, evaluation: picked[index]! }));
  }

  /** The table of a study: the newest evaluations of branch 1, averaged over seeds. @throws BAD_USER_INPUT for a huge study */
  async table(budget: Budget, studyId: string, wanted: Subset | null): Promise<StudyTable> {
    const runs = await budget.rows((limit) => this.deps.repository.runsOfStudy(studyId, limit));
    const ids = runs.map(({ id }) => id);
    const newest = (subset: Subset) =>
      budget.rows(() => this.deps.evaluations.picked(ids, { pick: Pick.NEWEST, network: Predictor.BRANCH1, subset }));
    const { subset, found } = wanted ? { subset: wanted, found: await newest(wanted) } : await this.common(newest);
    const evaluations = inOrder(ids, found, ({ runId }) => runId);
    const foundIds = found.map(({ id }) => id);
    const classRows = await this.deps.evaluations.classIouRows(budget, foundIds);
    const classIous = new Map(foundIds.map((id, index) => [id, classRows[index]!.map(({ iou }) => iou)]));
    const datasets = await this.deps.datasets.byIds([...new Set(runs.map(({ datasetId }) => datasetId))]);
    const datasetsById = new Map(datasets.map((dataset) => [dataset.id, dataset]));
    const entries = runs.map((run, index) => ({
      run,
      config: withDefaults(run.config),
      dataset: datasetsById.get(run.datasetId)!,
      evaluation: evaluations[index]!,
      classIous: classIous.get(evaluations[index]?.id ?? '') ?? [],
    }));
    return studyTable(subset, ofMostPixels(entries));
  }

  /** The newest evaluations on the subset that all evaluated runs have in common. */
  private async common(
    newest: (subset: Subset) => Promise<Evaluation[]>,
  ): Promise<{ subset: Subset; found: Evaluation[] }> {
    const [onVal, onTest] = [await newest(Subset.VAL), await newest(Subset.TEST)];
    const subset = commonSubset(onVal, onTest);
    return { subset, found: subset === Subset.TEST ? onTest : onVal };
  }
}

/**
 * Adds the settings that are newer than the stored configuration, with the values that mean the same as before they
 * existed. Returns a configuration that is no longer valid as it is.
 */
function withDefaults(stored: RunConfig): RunConfig {
  const result = parseStoredConfig(stored);
  return result.ok ? result.config : stored;
}
