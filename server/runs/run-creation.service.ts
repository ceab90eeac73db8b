import type { DataSource } from 'typeorm';
import { runNames } from '../../schema/run-labels.js';
import { completedConfig } from '../../schema/stored-config.js';
import { inTransaction } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { LineageKind } from './lineage-kind.js';
import { whyNotRetry } from './possible-changes.js';
import type { Run } from './run.entity.js';
import { checkConfigs, checkName, checkTags, withMaxHours } from './run-config.validation.js';
import { noParent, noStudy } from './run-creation.errors.js';
import type { CreateRunInput } from './runs.inputs.js';
import type { NewRun } from './runs.repository.js';
import type { RunsService } from './runs.service.js';

/** Queues new runs, one at a time. */
export class RunCreationService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      datasets: DatasetsService;
      runs: RunsService;
    },
  ) {}

  /** @throws BAD_USER_INPUT that lists every problem in the configuration */
  async create(input: CreateRunInput, authorId: string): Promise<Run> {
    if (typeof input.studyId === 'string' && !isId(input.studyId)) throw noStudy(input.studyId);
    const parent = typeof input.from === 'string' ? await this.deps.runs.byId(input.from) : null;
    if (typeof input.from === 'string' && !parent) throw noParent(input.from);
    const wanted = input.config ?? (parent && completedConfig(parent.config));
    if (!wanted) throw refusal('CONFIG_MISSING');
    const [checked] = await checkConfigs([wanted], this.deps.datasets);
    const { config, dataset } = checked!;
    const run: NewRun = {
      name: checkName(input.name ?? runNames([config])[0]!),
      studyId: input.studyId ?? null,
      authorId,
      config,
      datasetId: dataset.id,
      tags: checkTags(input.tags ?? []),
      priority: input.priority ?? 0,
      ...(parent && lineage(parent, LineageKind.CLONE)),
    };
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const [id] = await this.deps.runs.queueNew(transaction, [run]);
      return (await this.deps.runs.byId(id!, transaction))!;
    });
  }

  /**
   * Queues a copy of the run, which starts from the beginning. The run itself stays as it is.
   * @param maxHours as for `retry`
   */
  retryCopy(id: string, maxHours: number | null, authorId: string): Promise<Run> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const run = await this.deps.runs.lock(transaction, id);
      const why = whyNotRetry(run);
      if (why !== null) throw why;
      const { name, studyId, datasetId, tags, priority } = run;
      const config = maxHours === null ? run.config : withMaxHours(run.config, maxHours);
      const copy = { name, studyId, authorId, config, datasetId, tags, priority };
      const [copyId] = await this.deps.runs.queueNew(transaction, [{ ...copy, ...lineage(run, LineageKind.RETRY) }]);
      return (await this.deps.runs.byId(copyId!, transaction))!;
    });
  }
}

const lineage = ({ id, number }: Run, parentKind: LineageKind) => ({ parentId: id, parentNumber: number, parentKind });
