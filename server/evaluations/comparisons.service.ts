import type { RunConfig } from '../../schema/run-config.js';
import { parseStoredConfig } from '../../schema/stored-config.js';
import { inOrder } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Budget } from '../graphql/budget.js';
import { badUserInput, notFound } from '../graphql/errors.js';
import type { ComparisonsRepository } from './comparisons.repository.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';
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
    const subset = wanted ?? commonSubset(await newest(Subset.VAL), await newest(Subset.TEST));
    const found = await newest(subset);
    const evaluations = inOrder(ids, found, ({ runId }) => runId);
    const foundIds = found.map(({ id }) => id);
    const classRows = await this.deps.evaluations.classIouRows(budget, foundIds);
    const classIous = new Map(foundIds.map((id, index) => [id, classRows[index]!.map(({ iou }) => iou)]));
    const pixels = await this.deps.evaluations.pixels(budget, foundIds);
    const datasets = await this.deps.datasets.byIds([...new Set(runs.map(({ datasetId }) => datasetId))]);
    const datasetsById = new Map(datasets.map((dataset) => [dataset.id, dataset]));
    const entries = runs.map((run, index) => ({
      run,
      config: withDefaults(run.config),
      dataset: datasetsById.get(run.datasetId)!,
      evaluation: evaluations[index]!,
      pixels: pixels.get(evaluations[index]?.id ?? '') ?? 0,
      classIous: classIous.get(evaluations[index]?.id ?? '') ?? [],
    }));
    return studyTable(subset, ofMostPixels(entries));
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
