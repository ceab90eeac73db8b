import type { DataSource } from 'typeorm';
import { runNames } from '../../schema/run-labels.js';
import { neededConfigVersion } from '../../schema/stored-config.js';
import { completedBase, completedMatrix } from '../../schema/study-extension.js';
import {
  parseStudyMatrix,
  planStudy,
  type StudyBase,
  type StudyMatrix,
  type StudyRuns,
} from '../../schema/study-matrix.js';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Events } from '../events/events.js';
import type { Connection } from '../graphql/connection.js';
import { invalid, notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import { type CheckedRun, checkConfigs, checkName, checkTags } from '../runs/run-config.validation.js';
import type { RunCounts } from '../runs/run-counts.js';
import type { RunsService } from '../runs/runs.service.js';
import { inMatrix } from './matrix-problems.js';
import type { StudiesRepository } from './studies.repository.js';
import type { CreateStudyInput, StudyListArgs } from './studies.types.js';
import type { Study } from './study.entity.js';

const MAX_DESCRIPTION_LENGTH = 10_000;

/** What a study would be, and what it would queue. */
export interface PlannedStudy extends Pick<Study, 'name' | 'description'> {
  /** Of each run. */
  tags: string[];
  runs: (CheckedRun & { neededConfigVersion: number })[];
  /** Of the runs, in their order. */
  names: string[];
  /** Completed. */
  matrix: StudyMatrix;
}

type Planned = Extract<StudyRuns, { ok: true }>;

const NO_RUNS: RunCounts = { queued: 0, running: 0, completed: 0, failed: 0, canceled: 0, total: 0 };

export class StudiesService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: StudiesRepository;
      runs: RunsService;
      runFilters: RunFilters;
      datasets: DatasetsService;
    },
  ) {}

  async byId(id: string, transaction?: Transaction): Promise<Study | null> {
    return isId(id) ? this.deps.repository.byId(id, transaction) : null;
  }

  /** Locks the study within the transaction. @throws NOT_FOUND */
  async lock(transaction: Transaction, id: string): Promise<Study> {
    const study = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
    if (!study) throw notFound('study', id);
    return study;
  }

  /** Changes columns of a locked study, and notifies subscribers when the transaction commits. */
  async update(transaction: Transaction, studyId: string, change: Partial<Study>): Promise<void> {
    await this.deps.repository.update(transaction, studyId, change);
    await this.deps.events.publish(transaction, 'study.changed', { studyId });
  }

  load(context: Context, id: string): Promise<Study | null> {
    return context.loaders
      .of<Study>('studies', async (ids) => inOrder(ids, await this.deps.repository.byIds(ids), (study) => study.id))
      .load(id);
  }

  /** Newest first. @throws BAD_USER_INPUT for an invalid filter or page */
  async page({ where, query, archived = null, ...args }: StudyListArgs): Promise<Connection<Study>> {
    const condition = await this.deps.runFilters.condition({ where, query });
    return this.deps.repository.page({ condition, archived }, args);
  }

  async runCounts(context: Context, id: string): Promise<RunCounts> {
    const loader = context.loaders.of<RunCounts & { studyId: string }>('runCounts', async (ids) =>
      inOrder(ids, await this.deps.repository.runCounts(ids), ({ studyId }) => studyId),
    );
    return (await loader.load(id)) ?? NO_RUNS;
  }

  /** What `create` would do with the input. @throws BAD_USER_INPUT that lists every problem */
  async plan(input: CreateStudyInput): Promise<PlannedStudy> {
    const name = checkName(input.name);
    const description = checkDescription(input.description ?? '');
    const tags = checkTags(input.tags ?? []);
    const matrix = checkMatrix(input.matrix);
    const { runs: configs, variants } = plan(input.base, matrix);
    const checked = await checkConfigs(configs, this.deps.datasets);
    const runs = checked.map((run, i) => {
      return { ...run, variant: variants[i]!, neededConfigVersion: neededConfigVersion(run.config) };
    });
    const names = runNames(
      runs.map(({ config }) => config),
      variants,
    );
    return { name, description, tags, runs, names, matrix: completedMatrix(matrix, runs) };
  }

  /** Creates the study with all its runs, or nothing. @throws BAD_USER_INPUT that lists every problem */
  async create(input: CreateStudyInput, authorId: string): Promise<Study> {
    const { name, description, tags, runs: planned, names, matrix } = await this.plan(input);
    const base = completedBase(input.base as unknown as StudyBase, matrix, planned[0]!.config);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const id = await this.deps.repository.insert(transaction, { name, description, authorId, base, matrix });
      const runs = planned.map(({ config, dataset }, i) => {
        const shared = { studyId: id, authorId, tags, priority: input.priority ?? 0 };
        return { ...shared, name: names[i]!, config, datasetId: dataset.id };
      });
      await this.deps.runs.queueNew(transaction, runs);
      return (await this.deps.repository.byId(id, transaction))!;
    });
  }

  /** Deletes the study with all its runs. @throws CONFLICT while a runner is training one of them */
  async delete(id: string): Promise<string> {
    await inTransaction(this.deps.dataSource, async (transaction) => {
      const runs = isId(id) ? await this.deps.repository.lockWithRuns(transaction, id) : null;
      if (!runs) throw notFound('study', id);
      await this.deps.runs.deleteLocked(transaction, runs);
      await this.deps.repository.delete(transaction, id);
      // Its runs tell of their own end, but there may be none.
      await this.deps.events.publish(transaction, 'study.changed', { studyId: id });
    });
    return id;
  }
}

/** @throws BAD_USER_INPUT if it is too long */
export function checkDescription(description: string): string {
  if (description.length <= MAX_DESCRIPTION_LENGTH) return description;
  throw refusal('TOO_LONG', { field: 'description', most: MAX_DESCRIPTION_LENGTH, characters: description.length });
}

/** The configuration of every run in the matrix. They are not validated yet. */
function plan(base: Readonly<Record<string, unknown>>, matrix: StudyMatrix): Planned {
  const planned = planStudy(base, matrix);
  if (planned.ok) return planned;
  throw invalid('the study', planned.problems);
}

function checkMatrix(matrix: unknown): StudyMatrix {
  const result = parseStudyMatrix(matrix);
  if (result.ok) return result.matrix;
  throw invalid('the study', inMatrix(result.problems));
}
