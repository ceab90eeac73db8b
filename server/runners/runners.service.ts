import type { DataSource } from 'typeorm';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { type Runner, RunnerState } from './runner.entity.js';
import type { Machine, RunnersRepository } from './runners.repository.js';

/** How stale `lastSeenAt` may be: heartbeats and reports need not all write the row. */
const TOUCH_EVERY_SECONDS = 3;

/** What is known of the machines. How they join and leave is in server/runner-lifecycle. */
export class RunnersService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: RunnersRepository;
      leaseSeconds: number;
    },
  ) {}

  all(): Promise<Runner[]> {
    return this.deps.repository.all();
  }

  async byId(id: string): Promise<Runner | null> {
    return isId(id) ? this.deps.repository.byId(this.deps.dataSource.manager, id) : null;
  }

  load(context: Context, id: string): Promise<Runner | null> {
    return context.loaders
      .of<Runner>('runners', async (ids) => inOrder(ids, await this.deps.repository.byIds(ids), (runner) => runner.id))
      .load(id);
  }

  /** Silent for a whole lease is offline: what it trained has been queued again by then. */
  stateOf(runner: Runner): RunnerState {
    if (runner.lastSeenAt.getTime() < Date.now() - this.deps.leaseSeconds * 1000) return RunnerState.OFFLINE;
    return runner.draining ? RunnerState.DRAINING : RunnerState.ONLINE;
  }

  idByTokenHash(hash: string): Promise<string | null> {
    return this.deps.repository.idByTokenHash(hash);
  }

  /** Locks the runner within the transaction. @throws NOT_FOUND when it was removed meanwhile */
  async lock(transaction: Transaction, id: string): Promise<Runner> {
    const runner = await this.deps.repository.lock(transaction, id);
    if (!runner) throw notFound('runner', id);
    return runner;
  }

  async isDraining(transaction: Transaction, id: string): Promise<boolean> {
    return (await this.deps.repository.byId(transaction, id))?.draining ?? false;
  }

  /** Stores when the runner was last heard from; called whenever it says anything. */
  async markSeen(id: string): Promise<void> {
    if (await this.deps.repository.touch(id, TOUCH_EVERY_SECONDS))
      await this.publishChanged(this.deps.dataSource.manager, id);
  }

  /** Lets it finish or checkpoint what it trains; it claims nothing more until it is started anew. */
  async drain(id: string): Promise<Runner> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      if (!isId(id) || !(await this.deps.repository.setDraining(transaction, id))) throw notFound('runner', id);
      await this.publishChanged(transaction, id);
      return (await this.deps.repository.byId(transaction, id))!;
    });
  }

  /** Within the caller's transaction, like the next two. */
  async add(transaction: Transaction, machine: Machine, tokenHash: string): Promise<Runner> {
    const id = await this.deps.repository.insert(transaction, machine, tokenHash);
    await this.publishChanged(transaction, id);
    return (await this.deps.repository.byId(transaction, id))!;
  }

  /** What the machine says about itself now. It takes back an earlier drain. */
  async restart(transaction: Transaction, id: string, machine: Machine): Promise<Runner> {
    await this.deps.repository.update(transaction, id, machine);
    await this.publishChanged(transaction, id);
    return (await this.deps.repository.byId(transaction, id))!;
  }

  /** @throws NOT_FOUND */
  async remove(transaction: Transaction, id: string): Promise<void> {
    if (!(await this.deps.repository.delete(transaction, id))) throw notFound('runner', id);
    await this.publishChanged(transaction, id);
  }

  /** Tells the dashboards about runners that went offline since the last sweep. */
  async announceSilent(windowSeconds: number): Promise<void> {
    for (const id of await this.deps.repository.fellSilent(this.deps.leaseSeconds, windowSeconds)) {
      await this.publishChanged(this.deps.dataSource.manager, id);
    }
  }

  /** Tells the dashboards, when the transaction commits. */
  publishChanged(transaction: Transaction, runnerId: string): Promise<void> {
    return this.deps.events.publish(transaction, 'runner.changed', { runnerId });
  }
}
