import type { DataSource } from 'typeorm';
import { type Context, foundOf, inOrder, listsInOrder } from '../context.js';
import { inTransaction, type Transaction, withoutTimeLimit } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { checkPageSize } from '../graphql/connection.js';
import { type AppError, notFound, refusal } from '../graphql/errors.js';
import { notOneOf } from '../graphql/given.js';
import { isId } from '../graphql/ids.js';
import type { SqlCondition } from './filter/filter-sql.js';
import type { PlacementsService } from './placements.service.js';
import { whyNotCancel, whyNotDelete, whyNotRetry } from './possible-changes.js';
import { type EditedRun, type Run, RunState } from './run.entity.js';
import { withMaxHours } from './run-config.validation.js';
import { noParent, noStudy } from './run-creation.errors.js';
import type { NewRun, RunsRepository } from './runs.repository.js';

/** What people do with runs. What runners do with them is in attempts.service.ts. */
export class RunsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: RunsRepository;
      placements: PlacementsService;
    },
  ) {}

  /** Whether the last checkpoint of a queued run is still on its way, although the attempt has ended. Batched. */
  async checkpointIsLate(context: Context, { id, startedAt }: Run): Promise<boolean> {
    if (startedAt === null) return false;
    const loader = context.loaders.of<boolean>('runs.late', async (ids) => {
      const late = new Set(await this.deps.repository.withLateCheckpoint(ids));
      return ids.map((each) => late.has(each));
    });
    return (await loader.load(id)) === true;
  }

  async byId(id: string, transaction?: Transaction): Promise<Run | null> {
    return isId(id) ? this.deps.repository.byId(id, transaction) : null;
  }

  /** Finds a run by id or by number. @throws BAD_USER_INPUT unless exactly one of them is given */
  async find(id?: string | null, number?: number | null): Promise<Run | null> {
    if (typeof id === 'string' && typeof number !== 'number') return this.byId(id);
    if (typeof number === 'number' && typeof id !== 'string') return this.deps.repository.byNumber(number);
    throw notOneOf('run', { id, number });
  }

  load(context: Context, id: string): Promise<Run | null> {
    return context.loaders.of<Run>('runs', (ids) => this.byIds(ids)).load(id);
  }

  /** The runs with these ids, in their order, without those that were deleted in the meantime. Batched. */
  loadMany(context: Context, ids: readonly string[]): Promise<Run[]> {
    return foundOf(ids, (id) => this.load(context, id));
  }

  /** Queues runs within the caller's transaction. Returns ids in the same order. @throws BAD_USER_INPUT for an unknown study */
  async queueNew(transaction: Transaction, runs: NewRun[]): Promise<string[]> {
    const ids = await this.deps.repository.insert(transaction, runs).catch((error: { constraint?: string }) => {
      if (error.constraint === 'runs_parent_id_fkey') throw noParent(runs[0]!.parentId!);
      if (error.constraint !== 'runs_study_id_fkey') throw error;
      throw noStudy(runs[0]!.studyId!);
    });
    await this.publishAllChanged(
      transaction,
      ids.map((id, i) => ({ id, studyId: runs[i]!.studyId })),
    );
    await this.deps.placements.announce(transaction, ids);
    return ids;
  }

  /** A queued run is canceled immediately, a running one as soon as its runner has stopped. */
  cancel(id: string): Promise<Run> {
    return this.change(id, whyNotCancel, (transaction, run) => this.cancelLocked(transaction, [run]));
  }

  /** Cancels locked runs that can be canceled, within the caller's transaction. */
  async cancelLocked(transaction: Transaction, runs: readonly Run[]): Promise<void> {
    const idsIn = (state: RunState) => runs.filter((run) => run.state === state).map(({ id }) => id);
    await this.deps.repository.end(transaction, idsIn(RunState.QUEUED), RunState.CANCELED, null);
    await this.deps.repository.update(transaction, idsIn(RunState.RUNNING), { state: RunState.CANCELING });
    await this.publishAllChanged(transaction, runs);
  }

  /**
   * Queues the run again. It keeps its results and resumes from its newest checkpoint.
   * @param maxHours a new limit of its training time, which does not change its results; null keeps the configuration
   * @throws NOT_FOUND, CONFLICT; BAD_USER_INPUT for an invalid limit
   */
  retry(id: string, maxHours: number | null): Promise<Run> {
    return this.change(id, whyNotRetry, (transaction, run) => this.retryLocked(transaction, [run], maxHours));
  }

  /** Retries locked runs that can be retried, within the caller's transaction. @throws BAD_USER_INPUT for an invalid limit */
  async retryLocked(transaction: Transaction, runs: readonly Run[], maxHours: number | null): Promise<void> {
    if (maxHours !== null) {
      const limited = runs.map(({ id, config }) => ({ id, config: withMaxHours(config, maxHours) }));
      await this.deps.repository.saveConfigs(transaction, limited);
    }
    const ids = runs.map(({ id }) => id);
    await this.requeue(transaction, ids, { lostAttempts: 0 });
    await this.publishAllChanged(transaction, runs);
  }

  /** Up to `first` runs that were made from this one, oldest first. Batched. @throws BAD_USER_INPUT */
  async children(context: Context, id: string, first: number): Promise<Run[]> {
    checkPageSize(first);
    const loader = context.loaders.of<Run[]>(`runs.children ${first}`, async (ids) => {
      const children = await this.deps.repository.childrenOf(ids, first);
      return listsInOrder(ids, children, ({ parentId }) => parentId!);
    });
    return (await loader.load(id))!;
  }

  /** Queues the runs again, within the caller's transaction. */
  async requeue(transaction: Transaction, ids: string | readonly string[], change: Partial<Run>): Promise<void> {
    await this.deps.repository.update(transaction, ids, {
      ...change,
      state: RunState.QUEUED,
      phase: null,
      failure: null,
      finishedAt: null,
    });
    await this.deps.placements.announce(transaction, [ids].flat());
  }

  /** Up to `limit` runs that meet the condition. In a transaction, locks them. */
  matching(condition: SqlCondition, limit: number, transaction?: Transaction): Promise<Run[]> {
    const { repository } = this.deps;
    return transaction ? repository.lockMatching(transaction, condition, limit) : repository.matching(condition, limit);
  }

  /** Stores what people have edited of locked runs, within the caller's transaction. */
  async saveEdited(transaction: Transaction, runs: readonly EditedRun[]): Promise<void> {
    await this.deps.repository.saveEdited(transaction, runs);
    await this.publishAllChanged(transaction, runs);
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
      const why = whyNotDelete(run);
      if (why !== null) throw why;
      await this.deleteLocked(transaction, [run]);
    });
    return id;
  }

  /** Deletes locked runs within the caller's transaction. @throws CONFLICT while a runner is training one of them */
  async deleteLocked(transaction: Transaction, runs: Run[]): Promise<void> {
    const busy = runs.filter((run) => whyNotDelete(run) !== null);
    if (busy.length > 0) {
      throw refusal('RUNS_IN_PROGRESS', { runs: busy.map(({ number, state }) => `run ${number} is ${state}`) });
    }
    await withoutTimeLimit(transaction);
    const ids = runs.map(({ id }) => id);
    await this.deps.repository.delete(transaction, ids);
    await this.deps.events.publishAll(
      transaction,
      runs.map(({ id: runId, studyId }) => ({ topic: 'run.deleted', payload: { runId, studyId } })),
    );
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

  /** The runs with these ids, in their order; null for those that do not exist, or do not meet the condition. */
  async byIds(ids: readonly string[], condition: SqlCondition | null = null): Promise<(Run | null)[]> {
    const { repository } = this.deps;
    const runs = condition ? repository.byIdsMeeting(ids, condition) : repository.byIds(ids);
    return inOrder(ids, await runs, (run) => run.id);
  }

  /** The ids of the newest runs of a study, or of all. */
  newestIds(studyId: string | null, most: number): Promise<string[]> {
    return this.deps.repository.newestIds(studyId, most);
  }

  queueDepth(): Promise<{ pool: string; runs: number }[]> {
    return this.deps.repository.queueDepth();
  }

  private publishAllChanged(transaction: Transaction, runs: readonly Pick<Run, 'id' | 'studyId'>[]): Promise<void> {
    return this.deps.events.publishAll(
      transaction,
      runs.map(({ id: runId, studyId }) => ({ topic: 'run.changed', payload: { runId, studyId } })),
    );
  }

  private change(
    id: string,
    whyNot: (run: Run) => AppError | null,
    work: (transaction: Transaction, run: Run) => Promise<void>,
  ): Promise<Run> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const run = await this.lock(transaction, id);
      const why = whyNot(run);
      if (why !== null) throw why;
      await work(transaction, run);
      return (await this.deps.repository.byId(id, transaction))!;
    });
  }
}
