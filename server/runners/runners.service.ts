import type { DataSource } from 'typeorm';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { type Runner, RunnerState } from './runner.entity.js';
import type { RunnersRepository } from './runners.repository.js';

/** How stale `lastSeenAt` may be: heartbeats and reports need not all write the row. */
const TOUCH_EVERY_SECONDS = 3;

/** What is known of the machines. Their comings and goings are in lifecycle.service.ts. */
export class RunnersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: Events,
    private readonly repository: RunnersRepository,
    private readonly leaseSeconds: number,
  ) {}

  all(): Promise<Runner[]> {
    return this.repository.all();
  }

  async byId(id: string): Promise<Runner | null> {
    return isId(id) ? this.repository.byId(this.dataSource.manager, id) : null;
  }

  load(context: Context, id: string): Promise<Runner | null> {
    return context.loaders
      .of<Runner>('runners', async (ids) => inOrder(ids, await this.repository.byIds(ids), (runner) => runner.id))
      .load(id);
  }

  /** Silent for a whole lease is offline: what it trained has been queued again by then. */
  stateOf(runner: Runner): RunnerState {
    if (runner.lastSeenAt.getTime() < Date.now() - this.leaseSeconds * 1000) return RunnerState.OFFLINE;
    return runner.draining ? RunnerState.DRAINING : RunnerState.ONLINE;
  }

  idByTokenHash(hash: string): Promise<string | null> {
    return this.repository.idByTokenHash(hash);
  }

  /** Locks the runner within the transaction. @throws NOT_FOUND when it was removed meanwhile */
  async lock(transaction: Transaction, id: string): Promise<Runner> {
    const runner = await this.repository.lock(transaction, id);
    if (!runner) throw notFound('runner', id);
    return runner;
  }

  async isDraining(transaction: Transaction, id: string): Promise<boolean> {
    return (await this.repository.byId(transaction, id))?.draining ?? false;
  }

  /** Stores when the runner was last heard from; called whenever it says anything. */
  async markSeen(id: string): Promise<void> {
    if (await this.repository.touch(id, TOUCH_EVERY_SECONDS)) await this.publishChanged(this.dataSource.manager, id);
  }

  /** Lets it finish or checkpoint what it trains; it claims nothing more until it is started anew. */
  async drain(id: string): Promise<Runner> {
    return inTransaction(this.dataSource, async (transaction) => {
      if (!isId(id) || !(await this.repository.setDraining(transaction, id))) throw notFound('runner', id);
      await this.publishChanged(transaction, id);
      return (await this.repository.byId(transaction, id))!;
    });
  }

  /** Tells the dashboards about runners that went offline since the last sweep. */
  async announceSilent(windowSeconds: number): Promise<void> {
    for (const id of await this.repository.fellSilent(this.leaseSeconds, windowSeconds)) {
      await this.publishChanged(this.dataSource.manager, id);
    }
  }

  /** Tells the dashboards, when the transaction commits. */
  publishChanged(transaction: Transaction, runnerId: string): Promise<void> {
    return this.events.publish(transaction, 'runner.changed', { runnerId });
  }
}
