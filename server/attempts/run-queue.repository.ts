import pg from 'pg';
import type { DataSource } from 'typeorm';
import { columnsOf, entityOf } from '../database/entity-of.js';
import { type Prepared, queryPrepared, queryPreparedTogether } from '../database/prepared.js';
import { Together } from '../database/together.js';
import { retried } from '../database/transaction.js';
import { isDatabaseAway } from '../database/unreachable.js';
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

/**
 * Claims in one transaction share the round trip, the locks of the tables and the wait for the disk: each takes two thirds of the
 * processor time that it takes alone. The runs of a transaction stay locked until its end, so those of all others are fewer than HEADS.
 */
const TOGETHER = { calls: 3, questions: 6 };

/** SQLSTATE. While the claim looked for a run, an attempt at it began and ended, so the number of the next one is taken. */
const UNIQUE_VIOLATION = '23505';

/** The parameters of the statement. */
type Values = [runnerId: string, instanceId: string | null, serverId: string, leaseSeconds: number];

/** The queue is the runs table itself, so that a run's state and its place in the queue cannot disagree. */
export class RunQueueRepository {
  private readonly statements = new Map<number, Prepared>();
  private readonly together = new Together({
    ask: (claims: Values[]) => this.ask(claims),
    // PostgreSQL has refused a statement, so nothing was committed. After any other error, nobody knows.
    canRepeat: (error) => error instanceof pg.DatabaseError && !isDatabaseAway(error),
    ...TOGETHER,
  });

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims the first run that fits the runner's pool, datasets, engine and version: highest priority first, then oldest. Null if
   * there is no such runner. Concurrent claims skip each other's runs instead of waiting.
   * @param instanceId claims nothing unless it speaks for the runner; null if the runner has no instances
   */
  async claim(runnerId: string, instanceId: string | null, lease: Lease): Promise<ClaimAnswer | null> {
    const values: Values = [runnerId, instanceId, lease.serverId, lease.seconds];
    for (let heads = HEADS; ; ) {
      const row = heads === HEADS ? await this.together.answer(values) : await this.askAlone(values, heads);
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

  /** Asks for several claims at once. An answer is null if there is no such runner. */
  private async ask(claims: Values[]): Promise<(Claimant | null)[]> {
    if (claims.length === 1) return [await this.askAlone(claims[0]!, HEADS)];
    // Two transactions that lock the same runners in the same order do not wait for each other.
    const order = [...claims.keys()].sort((a, b) => (claims[a]![0] < claims[b]![0] ? -1 : 1));
    const lists = order.map((place) => claims[place]!);
    const rows = await queryPreparedTogether<Claimant>(this.dataSource, this.statement(HEADS), lists);
    return claims.map((_, place) => rows[order.indexOf(place)]![0] ?? null);
  }

  private async askAlone(values: Values, heads: number): Promise<Claimant | null> {
    const ask = () => queryPrepared<Claimant>(this.dataSource, this.statement(heads), values);
    const [row] = await retried(ask, [UNIQUE_VIOLATION]);
    return row ?? null;
  }

  private statement(heads: number): Prepared {
    const known = this.statements.get(heads) ?? claimStatement(heads, columnsOf(this.dataSource, Run, 'run'));
    this.statements.set(heads, known);
    return known;
  }
}
