import type { DataSource } from 'typeorm';
import { EntityReader } from '../database/entity-reader.js';
import { type Prepared, queryPrepared } from '../database/prepared.js';
import type { Transaction } from '../database/transaction.js';
import { Attempt, AttemptState } from './attempt.entity.js';

/** The lease that this server grants. */
export interface Lease {
  seconds: number;
  serverId: string;
}

const NEWEST_RUNNERS: Prepared = {
  name: 'newestRunners',
  text: `/* newestRunners */ SELECT DISTINCT ON (run_id) run_id AS "runId", runner_id AS "runnerId" FROM attempts
    WHERE run_id = ANY ($1) ORDER BY run_id, fence DESC`,
};

export class AttemptsRepository {
  private readonly reader: EntityReader<Attempt>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Attempt, 'attempt');
  }

  lock(transaction: Transaction, id: string): Promise<Attempt | null> {
    return transaction.getRepository(Attempt).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  byIds(ids: readonly string[]): Promise<Attempt[]> {
    return this.reader.find('attemptsByIds', 'FROM attempts attempt WHERE attempt.id = ANY ($1)', [ids]);
  }

  /** Up to `limit` attempts, oldest first. */
  ofRuns(runIds: readonly string[], limit: number): Promise<Attempt[]> {
    const rest = 'FROM attempts attempt WHERE attempt.run_id = ANY ($1) ORDER BY attempt.fence LIMIT $2';
    return this.reader.find('attemptsOfRuns', rest, [runIds, limit]);
  }

  /** The runner of each run's newest attempt; null if it has been removed. */
  newestRunners(runIds: readonly string[]): Promise<{ runId: string; runnerId: string | null }[]> {
    return queryPrepared(this.dataSource, NEWEST_RUNNERS, [runIds]);
  }

  activeOfRunners(runnerIds: readonly string[]): Promise<Attempt[]> {
    return this.dataSource
      .createQueryBuilder(Attempt, 'attempt')
      .where('attempt.runner_id = ANY(:ids)', { ids: [...runnerIds] })
      .andWhere('attempt.state = :state', { state: AttemptState.ACTIVE })
      .orderBy('attempt.started_at')
      .getMany();
  }

  /** Whether the blob is a checkpoint of a run that the runner has an active attempt of. */
  async holdsCheckpoint(runnerId: string, sha256: string): Promise<boolean> {
    const [row] = await this.dataSource.query<{ held: boolean }[]>(
      `/* holdsCheckpoint */ SELECT EXISTS (
         SELECT FROM checkpoints c JOIN attempts a ON a.run_id = c.run_id
         WHERE c.sha256 = $1 AND a.runner_id = $2 AND a.state = 'ACTIVE') AS held`,
      [sha256, runnerId],
    );
    return row!.held;
  }

  /** Locks the runner's active attempts. */
  lockActiveOf(transaction: Transaction, runnerId: string): Promise<Attempt[]> {
    return transaction.getRepository(Attempt).find({
      where: { runnerId, state: AttemptState.ACTIVE },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /**
   * Locks one attempt whose lease has expired. If its server has been silent since then, the lease lasts for one lease
   * longer. Skips attempts that a late report has locked: it is about to renew them.
   */
  lockExpired(transaction: Transaction, leaseSeconds: number): Promise<Attempt | null> {
    return transaction
      .createQueryBuilder(Attempt, 'attempt')
      .where('attempt.state = :state AND attempt.lease_until < now()', { state: AttemptState.ACTIVE })
      .andWhere(
        `(attempt.lease_until < now() - make_interval(secs => :leaseSeconds) OR NOT EXISTS (
           SELECT FROM servers server WHERE server.id = attempt.server_id AND server.seen_at < attempt.lease_until))`,
        { leaseSeconds },
      )
      .orderBy('attempt.lease_until')
      .limit(1)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getOne();
  }

  async renew(transaction: Transaction, id: string, { seconds, serverId }: Lease, sequence: number): Promise<void> {
    await transaction.query(
      `/* renewLease */ UPDATE attempts SET lease_until = now() + make_interval(secs => $2), server_id = $3, sequence = $4
       WHERE id = $1`,
      [id, seconds, serverId, sequence],
    );
  }

  async setSequence(transaction: Transaction, id: string, sequence: number): Promise<void> {
    await transaction.getRepository(Attempt).update({ id }, { sequence });
  }

  /**
   * Whether the last checkpoint of the attempt may still arrive: its run ended with it, less than 24 hours ago, and has not
   * been claimed again, so no later checkpoint can be hidden by it.
   */
  async takesLateCheckpoint(transaction: Transaction, id: string): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      `/* takesLateCheckpoint */ SELECT FROM attempts a
       WHERE a.id = $1 AND a.state IN ('SUCCEEDED', 'FAILED', 'CANCELED') AND a.finished_at > now() - interval '24 hours'
         AND NOT EXISTS (SELECT FROM attempts later WHERE later.run_id = a.run_id AND later.fence > a.fence)`,
      [id],
    );
    return rows.length > 0;
  }

  async end(transaction: Transaction, id: string, state: AttemptState, message: string | null): Promise<void> {
    await transaction.getRepository(Attempt).update({ id }, { state, message, finishedAt: () => 'now()' });
  }
}
