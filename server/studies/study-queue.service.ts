import type { DataSource } from 'typeorm';
import {
  completedMatrix,
  extendedDesign,
  type PlannedRun,
  parseMatrixAddition,
  plannedRuns,
  runKey,
  type StudyDesign,
} from '../../schema/study-extension.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { invalid, notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { type CheckedRun, checkConfigs } from '../runs/run-config.validation.js';
import type { RunsService } from '../runs/runs.service.js';
import { inMatrix } from './matrix-problems.js';
import type { StudiesRepository } from './studies.repository.js';
import type { StudiesService } from './studies.service.js';
import type { Study } from './study.entity.js';
import type { QueuedRuns } from './study-queue.types.js';

interface NewRun extends CheckedRun {
  name: string;
}

/** Each may have 500 runs. */
const MOST_PLANS = 20;

/** Queues runs of a study's matrix. Each mutation locks the study, so two at a time queue nothing twice. */
export class StudyQueueService {
  /** Tables ask for the same plans again and again, and checking a configuration takes a while. */
  private readonly plans = new Map<string, PlannedRun[]>();

  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: StudiesRepository;
      runs: RunsService;
      datasets: DatasetsService;
      studies: StudiesService;
    },
  ) {}

  /**
   * Queues what a study lacks: runs of its matrix that do not exist, and its failed runs.
   * @throws NOT_FOUND
   */
  async queueMissing(
    id: string,
    { canceled, dryRun }: { canceled: boolean; dryRun: boolean },
    authorId: string,
  ): Promise<QueuedRuns> {
    return this.locked(id, async (transaction, study, runs) => {
      const planned = this.planned(study);
      const known = new Set(runs.map(({ config }) => runKey(config)));
      const missing = await this.checked(
        transaction,
        planned.filter(({ key }) => !known.has(key)),
      );
      const states = canceled ? [RunState.FAILED, RunState.CANCELED] : [RunState.FAILED];
      const ended = runs.filter(({ state }) => states.includes(state)).sort((a, b) => a.number - b.number);
      if (dryRun) return answer(true, missing, [], ended);
      const created = await this.create(transaction, study, runs, missing, authorId);
      await this.deps.runs.retryLocked(transaction, ended, null);
      return answer(false, missing, created, await this.reread(transaction, ended));
    });
  }

  /**
   * Adds values to the axes of a study's matrix, and queues the runs that they add. Values that the matrix already
   * has change nothing.
   * @throws BAD_USER_INPUT, NOT_FOUND, or CONFLICT for a study without a stored matrix
   */
  async extend(id: string, matrix: unknown, dryRun: boolean, authorId: string): Promise<QueuedRuns> {
    const parsed = parseMatrixAddition(matrix);
    if (!parsed.ok) throw invalid('the study', inMatrix(parsed.problems));
    return this.locked(id, async (transaction, study, runs) => {
      const design = designOf(study);
      if (!design) {
        throw refusal('STUDY_WITHOUT_MATRIX', { name: study.name });
      }
      const extended = extendedDesign(design, parsed.addition);
      const known = new Set([
        ...runs.map(({ config }) => runKey(config)),
        // Deleted runs stay deleted until queueMissing queues them.
        ...this.planned(study).map(({ key }) => key),
      ]);
      const planned = this.plannedBy(extended);
      const missing = await this.checked(
        transaction,
        planned.filter(({ key }) => !known.has(key)),
      );
      if (dryRun) return answer(true, missing, [], []);
      const matrix = completedMatrix(extended.matrix, planned);
      await this.deps.studies.update(transaction, study.id, { ...extended, matrix });
      return answer(false, missing, await this.create(transaction, study, runs, missing, authorId), []);
    });
  }

  /** The runs of the matrix, in its order, whether or not they exist; none if the study's matrix was not stored. */
  planned(study: Study): PlannedRun[] {
    const design = designOf(study);
    return design ? this.plannedBy(design) : [];
  }

  private plannedBy(design: StudyDesign): PlannedRun[] {
    const text = JSON.stringify(design);
    const known = this.plans.get(text);
    if (known) return known;
    const plan = plannedRuns(design);
    if (!plan.ok) throw invalid('the study', plan.problems);
    if (this.plans.size >= MOST_PLANS) this.plans.delete(this.plans.keys().next().value!);
    this.plans.set(text, plan.runs);
    return plan.runs;
  }

  /** Looks up their dataset, in a dry run, too. @throws BAD_USER_INPUT */
  private async checked(transaction: Transaction, runs: readonly PlannedRun[]): Promise<NewRun[]> {
    const configs = runs.map(({ config }) => config);
    const checked = await checkConfigs(configs, this.deps.datasets, transaction);
    return checked.map((run, i) => ({ ...run, name: runs[i]!.name }));
  }

  private locked<T>(id: string, work: (transaction: Transaction, study: Study, runs: Run[]) => Promise<T>): Promise<T> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const runs = isId(id) ? await this.deps.repository.lockWithRuns(transaction, id) : null;
      if (!runs) throw notFound('study', id);
      return work(transaction, (await this.deps.repository.byId(id, transaction))!, runs);
    });
  }

  private async create(
    transaction: Transaction,
    study: Study,
    runs: readonly Run[],
    missing: readonly NewRun[],
    authorId: string,
  ): Promise<Run[]> {
    if (missing.length === 0) return [];
    const tags = runs[0]?.tags.filter((tag) => runs.every((run) => run.tags.includes(tag))) ?? [];
    const ids = await this.deps.runs.queueNew(
      transaction,
      missing.map(({ name, config, dataset }) => {
        return { name, config, datasetId: dataset.id, studyId: study.id, authorId, tags, priority: 0 };
      }),
    );
    return this.reread(
      transaction,
      ids.map((id) => ({ id })),
    );
  }

  private reread(transaction: Transaction, runs: readonly { id: string }[]): Promise<Run[]> {
    return this.deps.repository.runs(
      transaction,
      runs.map(({ id }) => id),
    );
  }
}

function designOf({ base, matrix }: Study): StudyDesign | null {
  return base && matrix ? { base, matrix } : null;
}

function answer(dryRun: boolean, missing: readonly NewRun[], created: Run[], retried: Run[]): QueuedRuns {
  const count = missing.length + retried.length;
  return { dryRun, count, missing: missing.map(({ name }) => name), created, retried };
}
