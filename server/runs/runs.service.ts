import type { DataSource } from 'typeorm';
import type { RunConfig } from '../../schema/run-config.js';
import { runNames } from '../../schema/run-labels.js';
import { neededConfigVersion } from '../../schema/stored-config.js';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { Events } from '../events/events.js';
import { badUserInput, conflict, notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { shown } from '../graphql/texts.js';
import type { PlacementsService } from './placements.service.js';
import { type Run, RunState } from './run.entity.js';
import { checkConfigs, checkName, checkTags, withMaxHours } from './run-config.validation.js';
import type { CreateRunInput } from './runs.inputs.js';
import type { NewRun, RunsRepository } from './runs.repository.js';

/** What people do with runs. What runners do with them is in attempts.service.ts. */
export class RunsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: RunsRepository;
      placements: PlacementsService;
      datasets: DatasetsService;
    },
  ) {}

  /** Whether the last checkpoint of the run is still on its way, although the attempt has ended. */
  checkpointIsLate(id: string): Promise<boolean> {
    return this.deps.repository.checkpointIsLate(id);
  }

  async byId(id: string, transaction?: Transaction): Promise<Run | null> {
    return isId(id) ? this.deps.repository.byId(id, transaction) : null;
  }

  /** Finds a run by id or by number. @throws BAD_USER_INPUT unless exactly one of them is given */
  async find(id?: string | null, number?: number | null): Promise<Run | null> {
    if (typeof id === 'string' && typeof number !== 'number') return this.byId(id);
    if (typeof number === 'number' && typeof id !== 'string') return this.deps.repository.byNumber(number);
    throw badUserInput('run: give exactly one of id and number');
  }

  load(context: Context, id: string): Promise<Run | null> {
    return context.loaders
      .of<Run>('runs', async (ids) => inOrder(ids, await this.deps.repository.byIds(ids), (run) => run.id))
      .load(id);
  }

  async create(input: CreateRunInput, authorId: string): Promise<Run> {
    if (typeof input.studyId === 'string' && !isId(input.studyId)) throw noStudy(input.studyId);
    const [checked] = await checkConfigs([input.config], this.deps.datasets);
    const { config, dataset } = checked!;
    const run: NewRun = {
      name: checkName(input.name ?? runNames([config])[0]!),
      studyId: input.studyId ?? null,
      authorId,
      config,
      datasetId: dataset.id,
      tags: checkTags(input.tags ?? []),
      priority: input.priority ?? 0,
    };
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const [id] = await this.queueNew(transaction, [run]);
      return (await this.deps.repository.byId(id!, transaction))!;
    });
  }

  /** Queues runs within the caller's transaction. Returns ids in the same order. @throws BAD_USER_INPUT for an unknown study */
  async queueNew(transaction: Transaction, runs: NewRun[]): Promise<string[]> {
    const ids = await this.deps.repository.insert(transaction, runs).catch((error: { constraint?: string }) => {
      if (error.constraint !== 'runs_study_id_fkey') throw error;
      throw noStudy(runs[0]!.studyId!);
    });
    await this.deps.events.publishAll(
      transaction,
      ids.map((runId, i) => ({ topic: 'run.changed', payload: { runId, studyId: runs[i]!.studyId } })),
    );
    await this.deps.placements.announce(transaction, ids);
    return ids;
  }

  /** A queued run is canceled immediately, a running one as soon as its runner has stopped. */
  cancel(id: string): Promise<Run> {
    return this.change(id, async (transaction, run) => {
      if (run.state === RunState.QUEUED) return this.deps.repository.end(transaction, id, RunState.CANCELED, null);
      if (run.state === RunState.RUNNING)
        return this.deps.repository.update(transaction, id, { state: RunState.CANCELING });
      if (run.state === RunState.CANCELING || run.state === RunState.CANCELED) return;
      throw conflict(`run ${run.number} is ${run.state}: only a QUEUED or RUNNING run can be canceled`);
    });
  }

  /**
   * Queues the run again. It keeps its results and resumes from its newest checkpoint.
   * @param maxHours a new limit of its training time, which does not change its results; null keeps the configuration
   */
  retry(id: string, maxHours: number | null): Promise<Run> {
    return this.change(id, async (transaction, run) => {
      if (run.state !== RunState.FAILED && run.state !== RunState.CANCELED) {
        throw conflict(`run ${run.number} is ${run.state}: only a FAILED or CANCELED run can be retried`);
      }
      const change = maxHours === null ? {} : withLimit(run.config, maxHours);
      await this.requeue(transaction, id, { ...change, lostAttempts: 0 });
    });
  }

  /** Queues the run again, within the caller's transaction. */
  async requeue(transaction: Transaction, id: string, change: Partial<Run>): Promise<void> {
    await this.deps.repository.update(transaction, id, {
      ...change,
      state: RunState.QUEUED,
      phase: null,
      failure: null,
      finishedAt: null,
    });
    await this.deps.placements.announce(transaction, [id]);
  }

  /** Changes columns of the run, within the caller's transaction. */
  update(transaction: Transaction, id: string, change: Partial<Run>): Promise<void> {
    return this.deps.repository.update(transaction, id, change);
  }

  /**
   * Begins to write to the run, within the caller's transaction: locks it, and returns a number for the rows that are written. Rows
   * that commit later have a higher one.
   * @param step the run's new step; null keeps it
   */
  beginChange(transaction: Transaction, id: string, step: number | null): Promise<number> {
    return this.deps.repository.countChange(transaction, id, step);
  }

  /** Sets the run's final state, within the caller's transaction. */
  end(transaction: Transaction, id: string, state: RunState, failure: string | null): Promise<void> {
    return this.deps.repository.end(transaction, id, state, failure);
  }

  /** Deletes the run with all its results. @throws CONFLICT while a runner is training it */
  async delete(id: string): Promise<string> {
    await inTransaction(this.deps.dataSource, async (transaction) => {
      const run = await this.lock(transaction, id);
      await this.deleteLocked(transaction, [run]);
    });
    return id;
  }

  /** Deletes locked runs within the caller's transaction. @throws CONFLICT while a runner is training one of them */
  async deleteLocked(transaction: Transaction, runs: Run[]): Promise<void> {
    const busy = runs.filter(({ state }) => state === RunState.RUNNING || state === RunState.CANCELING);
    if (busy.length > 0) {
      const which = busy.map(({ number, state }) => `run ${number} is ${state}`).join(', ');
      throw conflict(`${which}: cancel it and wait until its runner has stopped before you delete it`);
    }
    await withoutTimeLimit(transaction);
    for (const { id, studyId } of runs) {
      await this.deps.repository.delete(transaction, id);
      await this.deps.events.publish(transaction, 'run.deleted', { runId: id, studyId });
    }
  }

  /** Locks the run within the transaction. @throws NOT_FOUND */
  async lock(transaction: Transaction, id: string): Promise<Run> {
    const run = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
    if (!run) throw notFound('run', id);
    return run;
  }

  /**
   * Notifies subscribers when the transaction commits.
   * @param written the change that was begun, and the parts of a report that it wrote
   */
  publishChanged(
    transaction: Transaction,
    run: Pick<Run, 'id' | 'studyId'>,
    written: { change?: number; parts?: string[] } = {},
  ): Promise<void> {
    return this.deps.events.publish(transaction, 'run.changed', { runId: run.id, studyId: run.studyId, ...written });
  }

  /** The number of the newest change of a run. @throws NOT_FOUND */
  async newestChange(id: string): Promise<number> {
    const run = await this.byId(id);
    if (!run) throw notFound('run', id);
    return run.changes;
  }

  /** The runs with these ids, in their order; null for those that do not exist. */
  async byIds(ids: readonly string[]): Promise<(Run | null)[]> {
    return inOrder(ids, await this.deps.repository.byIds(ids), (run) => run.id);
  }

  /** The ids of the newest runs of a study, or of all. */
  newestIds(studyId: string | null, most: number): Promise<string[]> {
    return this.deps.repository.newestIds(studyId, most);
  }

  queueDepth(): Promise<{ pool: string; runs: number }[]> {
    return this.deps.repository.queueDepth();
  }

  private change(id: string, work: (transaction: Transaction, run: Run) => Promise<void>): Promise<Run> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const run = await this.lock(transaction, id);
      await work(transaction, run);
      await this.publishChanged(transaction, run);
      return (await this.deps.repository.byId(id, transaction))!;
    });
  }
}

const noStudy = (id: string) => badUserInput(`studyId: there is no study ${shown(id)}`);

/** The columns of a run whose training time is limited to `maxHours`. @throws BAD_USER_INPUT */
function withLimit(stored: RunConfig, maxHours: number): Pick<Run, 'config' | 'neededConfigVersion'> {
  const config = withMaxHours(stored, maxHours);
  return { config, neededConfigVersion: neededConfigVersion(config) };
}
