import type { DataSource } from 'typeorm';
import type { RunConfigInput } from '../../schema/run-config.js';
import { runNames } from '../../schema/run-labels.js';
import { parseStudyMatrix, planStudy, type StudyMatrix } from '../../schema/study-matrix.js';
import { type Context, inOrder } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { type Connection, checkPageSize, decodeCursor, type PageArgs, toConnection } from '../graphql/connection.js';
import { badUserInput, invalid, notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { checkConfigs, checkName, checkTags } from '../runs/run-config.validation.js';
import type { RunCounts } from '../runs/run-counts.js';
import type { RunsService } from '../runs/runs.service.js';
import { NEWEST_FIRST, type StudiesRepository } from './studies.repository.js';
import type { CreateStudyInput } from './studies.types.js';
import type { Study } from './study.entity.js';

const MAX_DESCRIPTION_LENGTH = 10_000;

const NO_RUNS: RunCounts = { queued: 0, running: 0, completed: 0, failed: 0, canceled: 0, total: 0 };

export class StudiesService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: StudiesRepository;
      runs: RunsService;
      datasets: DatasetsService;
    },
  ) {}

  async byId(id: string): Promise<Study | null> {
    return isId(id) ? this.deps.repository.byId(id) : null;
  }

  load(context: Context, id: string): Promise<Study | null> {
    return context.loaders
      .of<Study>('studies', async (ids) => inOrder(ids, await this.deps.repository.byIds(ids), (study) => study.id))
      .load(id);
  }

  async page({ first, after }: PageArgs): Promise<Connection<Study>> {
    checkPageSize(first);
    const cursor = after ? decodeCursor(after, NEWEST_FIRST, 'timestamptz') : null;
    const [rows, total] = await this.deps.repository.page(cursor, first + 1);
    return toConnection(rows, first, total);
  }

  async runCounts(context: Context, id: string): Promise<RunCounts> {
    const loader = context.loaders.of<RunCounts & { studyId: string }>('runCounts', async (ids) =>
      inOrder(ids, await this.deps.repository.runCounts(ids), ({ studyId }) => studyId),
    );
    return (await loader.load(id)) ?? NO_RUNS;
  }

  /** Creates the study with all its runs, or nothing. @throws BAD_USER_INPUT that lists every problem */
  async create(input: CreateStudyInput, authorId: string): Promise<Study> {
    const name = checkName(input.name);
    const description = checkDescription(input.description ?? '');
    const tags = checkTags(input.tags ?? []);
    const checked = await checkConfigs(plan(input), this.deps.datasets);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const id = await this.deps.repository.insert(transaction, { name, description, authorId });
      const names = runNames(checked.map(({ config }) => config));
      const runs = checked.map(({ config, dataset }, i) => {
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
    });
    return id;
  }
}

/** @throws BAD_USER_INPUT if it is too long */
function checkDescription(description: string): string {
  if (description.length <= MAX_DESCRIPTION_LENGTH) return description;
  throw badUserInput(`description: must have at most ${MAX_DESCRIPTION_LENGTH} characters; got ${description.length}`);
}

/** The configuration of every run in the matrix. They are not validated yet. */
function plan({ base, matrix }: CreateStudyInput): RunConfigInput[] {
  const planned = planStudy(base, checkMatrix(matrix));
  if (planned.ok) return planned.runs;
  throw invalid('the study', planned.problems);
}

function checkMatrix(matrix: unknown): StudyMatrix {
  const result = parseStudyMatrix(matrix);
  if (result.ok) return result.matrix;
  throw invalid(
    'the study',
    result.problems.map(({ field, message }) => ({ field: ['matrix', field].filter(Boolean).join('.'), message })),
  );
}
