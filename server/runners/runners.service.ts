import type { DataSource } from 'typeorm';
import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import type { Change } from '../audit/changes.js';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { checkedName, checkRange } from '../graphql/checks.js';
import { AppError, notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { storableText } from '../graphql/texts.js';
import { type Runner, RunnerState } from './runner.entity.js';
import { checkInstance, type RunnerInstanceInput } from './runner-instance.input.js';
import type { CurrentInstance, Machine, RunnersRepository } from './runners.repository.js';

/** How stale `lastSeenAt` may be, so that not every heartbeat and report writes the row. */
export const TOUCH_EVERY_SECONDS = 3;

/** The most slots that a runner can announce. */
export const MAX_SLOTS = 64;

const MAX_NAME_LENGTH = 256;

/** Changes that people make to runners. */
const EDITABLE_FIELDS = ['name', 'paused', 'draining', 'slotLimit'] as const;
type EditableField = (typeof EDITABLE_FIELDS)[number];

/** A runner as it is now, and what somebody has changed about it. */
export interface ChangedRunner {
  runner: Runner;
  changes: Change[];
}

/** Reads and changes runners. Registering, starting and removing them is in server/runner-lifecycle. */
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

  /** All of them, read once in a request. */
  async loadAll(context: Context): Promise<Runner[]> {
    const loader = context.loaders.of<Runner[]>('runners.all', async (keys) => {
      const runners = await this.all();
      return keys.map(() => runners);
    });
    return (await loader.load('all'))!;
  }

  async byId(id: string): Promise<Runner | null> {
    return isId(id) ? this.deps.repository.byId(this.deps.dataSource.manager, id) : null;
  }

  /** In the order of the ids; null for those that were removed. */
  async byIds(ids: readonly string[]): Promise<(Runner | null)[]> {
    return inOrder(ids, await this.deps.repository.byIds(ids), ({ id }) => id);
  }

  load(context: Context, id: string): Promise<Runner | null> {
    return context.loaders.of<Runner>('runners', (ids) => this.byIds(ids)).load(id);
  }

  /** A runner not heard from for one lease is offline. By then, its runs have been queued again. */
  stateOf(runner: Runner): RunnerState {
    if (runner.lastSeenAt.getTime() < Date.now() - this.deps.leaseSeconds * 1000) return RunnerState.OFFLINE;
    return runner.draining ? RunnerState.DRAINING : RunnerState.ONLINE;
  }

  /** The runner whose token has this hash, and for how many seconds that is valid; null means always. */
  byTokenHash(hash: string): Promise<{ id: string; secondsLeft: number | null } | null> {
    return this.deps.repository.byTokenHash(hash);
  }

  async isDraining(transaction: Transaction, id: string): Promise<boolean> {
    return (await this.deps.repository.byId(transaction, id))?.draining ?? false;
  }

  /** Stores when the runner was last heard from. Call this, or `hold`, for every request of a runner. */
  async markSeen(id: string): Promise<void> {
    if (await this.deps.repository.touch(id, TOUCH_EVERY_SECONDS))
      await this.publishChanged(this.deps.dataSource.manager, id);
  }

  /**
   * Does what `markSeen` does, if the instance speaks for the runner: it already does, none does, or the one that does was
   * silent for a lease. A runner that is older than instances sends none.
   * @throws CONFLICT, with `retryAfterSeconds`, while another instance speaks for the runner
   */
  async hold(id: string, instance: RunnerInstanceInput | null): Promise<void> {
    if (!instance) return this.markSeen(id);
    checkInstance(instance);
    const { repository, leaseSeconds, dataSource } = this.deps;
    if (await repository.hold(id, instance, TOUCH_EVERY_SECONDS, leaseSeconds))
      return this.publishChanged(dataSource.manager, id);
    const current = await repository.instanceOf(id);
    if (current && current.id !== instance.id) throw heldByAnother(current, leaseSeconds);
  }

  /** The instance has stopped, so another one need not wait. Changes nothing if it does not speak for the runner. */
  async release(id: string, instance: RunnerInstanceInput): Promise<void> {
    checkInstance(instance);
    if (await this.deps.repository.release(id, instance.id))
      await this.publishChanged(this.deps.dataSource.manager, id);
  }

  /** Stores why the runner claims no runs, as it says; null if nothing is wrong. */
  async setProblem(id: string, problem: string | null): Promise<void> {
    const stored = problem === null ? null : storableText(problem, MOST_CHARACTERS.problem);
    if (await this.deps.repository.setProblem(id, stored)) await this.publishChanged(this.deps.dataSource.manager, id);
  }

  /** Gives the runner another name, which it keeps when its agent starts. @throws BAD_USER_INPUT, NOT_FOUND */
  rename(id: string, name: string): Promise<ChangedRunner> {
    return this.change(id, { name: checkedName(name, MAX_NAME_LENGTH), renamed: true });
  }

  /** A paused runner finishes the runs that it trains, but claims no others, until it is resumed. @throws NOT_FOUND */
  setPaused(id: string, paused: boolean): Promise<ChangedRunner> {
    return this.change(id, { paused });
  }

  /**
   * A draining runner writes checkpoints and returns its runs. It claims nothing more until its agent restarts, or until the drain
   * is ended. @throws NOT_FOUND
   */
  setDraining(id: string, draining: boolean): Promise<ChangedRunner> {
    return this.change(id, { draining });
  }

  /** Sets how many of its slots count. With fewer than it trains now, it keeps those runs, but gets no others. */
  async setSlotLimit(id: string, limit: number): Promise<ChangedRunner> {
    checkRange('limit', limit, 1, MAX_SLOTS);
    return this.change(id, { slotLimit: limit });
  }

  private async change(id: string, change: Partial<Pick<Runner, EditableField | 'renamed'>>): Promise<ChangedRunner> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const before = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
      if (!before) throw notFound('runner', id);
      await this.deps.repository.set(transaction, before.id, change);
      await this.publishChanged(transaction, before.id);
      const runner = (await this.deps.repository.byId(transaction, before.id))!;
      // An idle runner asks for a run at once, instead of at its next poll.
      const claims = !runner.draining && !runner.paused;
      if (claims) await this.deps.events.publish(transaction, 'runner.slots', { runnerId: before.id });
      const changed = EDITABLE_FIELDS.filter((field) => before[field] !== runner[field]);
      return {
        runner,
        changes: changed.map((field) => ({ target: id, field, old: before[field], new: runner[field] })),
      };
    });
  }

  /** Replaces the runner's token, within the caller's transaction. @throws NOT_FOUND */
  async rotateToken(transaction: Transaction, id: string, tokenHash: string, overlapSeconds: number): Promise<Runner> {
    const known = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
    if (!known) throw notFound('runner', id);
    await this.deps.repository.rotateToken(transaction, known.id, tokenHash, overlapSeconds);
    // Sockets that have presented the old token are checked again.
    await this.deps.events.publish(transaction, 'access.changed', { id: known.id });
    return (await this.deps.repository.byId(transaction, known.id))!;
  }

  /** Stores a new runner, within the caller's transaction. */
  async add(transaction: Transaction, machine: Machine, tokenHash: string): Promise<Runner> {
    const id = await this.deps.repository.insert(transaction, machine, tokenHash);
    await this.publishChanged(transaction, id);
    return (await this.deps.repository.byId(transaction, id))!;
  }

  /** Updates what is stored about the machine, and ends a drain, within the caller's transaction. */
  async restart(transaction: Transaction, id: string, machine: Machine): Promise<Runner> {
    const known = await this.deps.repository.lock(transaction, id);
    const { name } = known?.renamed ? known : machine;
    await this.deps.repository.update(transaction, id, { ...machine, name });
    await this.publishChanged(transaction, id);
    return (await this.deps.repository.byId(transaction, id))!;
  }

  /** Deletes the runner, within the caller's transaction. @throws NOT_FOUND */
  async remove(transaction: Transaction, id: string): Promise<void> {
    if (!(await this.deps.repository.delete(transaction, id))) throw notFound('runner', id);
    await this.publishChanged(transaction, id);
    await this.deps.events.publish(transaction, 'access.changed', { id });
  }

  /** Notifies subscribers about runners that went offline in the last `windowSeconds`. */
  async announceSilent(windowSeconds: number): Promise<void> {
    for (const id of await this.deps.repository.fellSilent(this.deps.leaseSeconds, windowSeconds)) {
      await this.publishChanged(this.deps.dataSource.manager, id);
    }
  }

  /** Notifies subscribers when the transaction commits. */
  publishChanged(transaction: Transaction, runnerId: string): Promise<void> {
    return this.deps.events.publish(transaction, 'runner.changed', { runnerId });
  }
}

function heldByAnother({ name, host, since, silentSeconds }: CurrentInstance, leaseSeconds: number): AppError {
  const waitSeconds = Math.max(1, Math.ceil(leaseSeconds - silentSeconds));
  const heard = Math.max(0, Math.round(silentSeconds));
  const instance = { name, host, since: since.toISOString(), heardSeconds: heard, waitSeconds };
  return refusal('RUNNER_IN_USE', instance, { retryAfterSeconds: waitSeconds });
}
