import type { Context } from '../context.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { Predictor, Subset } from '../evaluations/evaluation.entity.js';
import type { RareClassesService } from '../rare-classes/rare-classes.service.js';
import type { StudiesService } from '../studies/studies.service.js';
import type { StudyQueueService } from '../studies/study-queue.service.js';
import type { ComparedRun } from './compared-run.js';
import type { PivotsRepository } from './pivots.repository.js';
import { scoresSql, studyTable } from './study-table.js';
import type { StudyTable } from './study-table.types.js';
import { NO_VARIANTS, StudyVariants } from './study-variants.js';

/** The fixed tables of studies: all scores of the newest evaluations of branch 1, averaged over seeds. */
export class StudyTablesService {
  constructor(
    private readonly deps: {
      repository: PivotsRepository;
      datasets: DatasetsService;
      rareClasses: RareClassesService;
      studies: Pick<StudiesService, 'load'>;
      studyQueue: Pick<StudyQueueService, 'planned'>;
    },
  ) {}

  /** The tables of several studies are read together. @throws BAD_USER_INPUT for huge studies */
  async of(context: Context, studyId: string, wanted: Subset | null): Promise<StudyTable> {
    const loader = context.loaders.of<StudyTable>(`studyTables ${wanted}`, async (ids) => {
      const onTest = wanted === null ? await this.deps.repository.onTest(ids) : new Set<string>();
      const subsetOf = (id: string): Subset => wanted ?? (onTest.has(id) ? Subset.TEST : Subset.VAL);
      const runs = new Map<string, ComparedRun[]>(ids.map((id) => [id, []]));
      for (const subset of new Set(ids.map(subsetOf))) {
        const studyIds = ids.filter((id) => subsetOf(id) === subset);
        const found = await context.budget.rows((limit) =>
          this.deps.repository.runs({
            ...{ studyIds, condition: null, fields: [], classes: new Map(), limit },
            value: { score: 'miou', network: Predictor.BRANCH1, subset },
            more: [scoresSql(subset)],
          }),
        );
        for (const run of found) runs.get(run.studyId!)!.push(run);
      }
      const datasetIds = [...new Set([...runs.values()].flat().map(({ datasetId }) => datasetId))];
      const [known, rare] = await Promise.all([
        this.deps.datasets.byIds(datasetIds),
        this.deps.rareClasses.of(datasetIds),
      ]);
      const datasets = new Map(known.map((each) => [each.id, each]));
      // A study whose matrix no longer plans must not take the tables of others with it.
      const variants = await Promise.allSettled(ids.map((id) => this.variants(context, id)));
      return variants.map((own, i) => {
        if (own.status === 'rejected') return own.reason;
        const id = ids[i]!;
        return studyTable(subsetOf(id), runs.get(id)!, datasets, rare, own.value);
      });
    });
    return (await loader.load(studyId))!;
  }

  private async variants(context: Context, studyId: string): Promise<StudyVariants> {
    const study = await this.deps.studies.load(context, studyId);
    return study ? new StudyVariants(study, () => this.deps.studyQueue.planned(study)) : NO_VARIANTS;
  }
}
