import type { DataSource } from 'typeorm';
import { columnsOf, entityOf } from '../database/entity-of.js';
import { type Prepared, queryPrepared } from '../database/prepared.js';
import { retried } from '../database/transaction.js';
import { Run } from '../runs/run.entity.js';
import type { Lease } from './attempts.repository.js';
import { type Claimant, claimStatement } from './claim-statement.js';

export interface Claim {
  run: Run;
  attemptId: string;
  fence: number;
}

/** The runner that has claimed, and what it got; null if nothing fits or all its slots are taken. */
export interface ClaimAnswer {
  runner: Claimant;
  claim: Claim | null;
}

/** How many runs a claim looks at first. As many other claims at the same moment do not make it look again. */
const HEADS = 16;

/** SQLSTATE. While the claim looked for a run, an attempt at it began and ended, so the number of the next one is taken. */
const UNIQUE_VIOLATION = '23505';

/** The queue is the runs table itself, so that a run's state and its place in the queue cannot disagree. */
export class RunQueueRepository {
  private readonly statements = new Map<number, Prepared>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims the first run that fits the runner's pool, datasets, engine and version: highest priority first, then oldest. Null if
   * there is no such runner. Concurrent claims skip each other's runs instead of waiting.
   * @param instanceId claims nothing unless it speaks for the runner; null if the runner has no instances
   */
  async claim(runnerId: string, instanceId: string | null, lease: Lease): Promise<ClaimAnswer | null> {
    for (let heads = HEADS; ; ) {
      const values = [runnerId, instanceId, lease.serverId, lease.seconds];
      const ask = () => queryPrepared<Claimant>(this.dataSource, this.statement(heads), values);
      const [row] = await retried(ask, [UNIQUE_VIOLATION]);
      if (!row) return null;
      const { attemptId, fence, seen, isFound } = row;
      if (attemptId) {
        return { runner: row, claim: { run: entityOf(this.dataSource, Run, row), attemptId, fence: fence! } };
      }
      if (isFound) continue;
      // Other claims have taken all of them. With as many as were asked for, there may be more behind them.
      if (seen < heads) return { runner: row, claim: null };
      heads *= 2;
    }
  }

  private statement(heads: number): Prepared {
    const known = this.statements.get(heads) ?? claimStatement(heads, columnsOf(this.dataSource, Run, 'run'));
    this.statements.set(heads, known);
    return known;
  }
}
