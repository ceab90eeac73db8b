import { effectiveConfig } from '../../schema/stored-config.js';
import { type Context, inOrder } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Budget } from '../graphql/budget.js';
import { badUserInput, notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { Run } from '../runs/run.entity.js';
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
  async compareClassIous(context: Context, { runIds, ...args }: CompareArgs): Promise<RunClassIous[]> {
    const [runs, picked] = await Promise.all([
      this.runs(runIds),
      this.deps.evaluations.picked(runIds.slice(0, MAX_COMPARED).filter(isId), args),
    ]);
    this.deps.evaluations.learnDatasets(context, runs);
    // A run that is given twice is returned twice.
    const given = runIds.map((id) => id.toLowerCase());
    const [ofRuns, evaluations] = [inOrder(given, runs, ({ id }) => id), inOrder(given, picked, ({ runId }) => runId)];
    return given.map((_, index) => ({ run: ofRuns[index]!, evaluation: evaluations[index]! }));
  }

  /** The runs to compare, in the given order, each once. @throws NOT_FOUND; BAD_USER_INPUT for fewer than `least` or too many */
  async runs(runIds: readonly string[], least = 1): Promise<Run[]> {
    // Postgres returns ids in lower case.
    const ids = [...new Set(runIds.map((id) => id.toLowerCase()))];
    if (ids.length < least || runIds.length > MAX_COMPARED) {
      const count = runIds.length > MAX_COMPARED ? runIds.length : ids.length;
      const different = least > 1 ? ' different' : '';
      throw badUserInput(`runIds: must have ${least} to ${MAX_COMPARED}${different} entries; got ${count}`);
    }
    const runs = inOrder(ids, await this.deps.repository.runs(ids), ({ id }) => id);
    const missing = ids.find((_, index) => !runs[index]);
    if (missing !== undefined) throw notFound('run', missing);
    return runs as Run[];
  }

  /**
   * The table of a study: the newest evaluations of branch 1, averaged over seeds. Batched: a few statements read those of many
   * studies. @throws BAD_USER_INPUT for huge studies
   */
  async table({ loaders, budget }: Context, studyId: string, wanted: Subset | null): Promise<StudyTable> {
    const loader = loaders.of<StudyTable>(`table ${wanted}`, (ids) => this.tables(budget, ids, wanted));
    return (await loader.load(studyId))!;
  }

  private async tables(budget: Budget, studyIds: readonly string[], wanted: Subset | null): Promise<StudyTable[]> {
    const runs = await budget.rows((limit) => this.deps.repository.runsOfStudies(studyIds, limit));
    const newest = async (subset: Subset): Promise<ReadonlyMap<string, Evaluation>> => {
      const args = { pick: Pick.NEWEST, network: Predictor.BRANCH1, subset };
      const found = await budget.rows(() =>
        this.deps.evaluations.picked(
          runs.map(({ id }) => id),
          args,
        ),
      );
      return new Map(found.map((evaluation) => [evaluation.runId, evaluation]));
    };
    const evaluated = new Map<Subset, ReadonlyMap<string, Evaluation>>();
    for (const subset of wanted ? [wanted] : [Subset.VAL, Subset.TEST]) evaluated.set(subset, await newest(subset));
    const evaluationsOn = (subset: Subset, ofStudy: readonly Run[]) =>
      ofStudy.flatMap(({ id }) => evaluated.get(subset)!.get(id) ?? []);
    const studies = studyIds.map((id) => {
      const ofStudy = runs.filter(({ studyId }) => studyId === id);
      const subset = wanted ?? commonSubset(evaluationsOn(Subset.VAL, ofStudy), evaluationsOn(Subset.TEST, ofStudy));
      return { subset, ofStudy, found: evaluationsOn(subset, ofStudy) };
    });
    const foundIds = studies.flatMap(({ found }) => found.map(({ id }) => id));
    const scores = await this.deps.evaluations.scoresOfClasses(budget, foundIds);
    const classIous = new Map(foundIds.map((id, index) => [id, scores[index]?.ious ?? []]));
    const datasets = await this.deps.datasets.byIds([...new Set(runs.map(({ datasetId }) => datasetId))]);
    const datasetsById = new Map(datasets.map((dataset) => [dataset.id, dataset]));
    return studies.map(({ subset, ofStudy }) => {
      const entries = ofStudy.map((run) => {
        const evaluation = evaluated.get(subset)!.get(run.id) ?? null;
        return {
          ...{ run, config: effectiveConfig(run.config), dataset: datasetsById.get(run.datasetId)!, evaluation },
          classIous: classIous.get(evaluation?.id ?? '') ?? [],
        };
      });
      return studyTable(subset, ofMostPixels(entries));
    });
  }
}
