import { entityOf } from '../database/entity-of.js';
import type { Transaction } from '../database/transaction.js';
import type { Claimant } from '../runners/runners.repository.js';
import { CHECKPOINT_IS_LATE } from '../runs/late-checkpoint.js';
import { RUNNER_FITS } from '../runs/placements.repository.js';
import { Run } from '../runs/run.entity.js';
import type { Lease } from './attempts.repository.js';

export interface Claim {
  run: Run;
  attemptId: string;
  fence: number;
}

/** How many runs a claim looks at first. As many other claims at the same moment do not make it look again. */
const HEADS = 64;

/**
 * Finds the first run for the runner $1, which may train $2 runs at a time, among the first $3 runs, and starts it. One row:
 * how many runs were looked at, and the columns of the run, which are null if none was started.
 *
 * `fitting` are the placements that the runner fits. The index runs_claim has the runs of each in order, so `heads` reads at most
 * $3 of each, however long the queue is. The run is locked outside of `heads`: a lock in there would keep the heads of all
 * placements from simultaneous claims, for the sake of one run. SKIP LOCKED skips the runs that such claims are taking. A run
 * that has left its placement since it was read, because it was claimed, canceled or changed, is skipped too.
 */
const CLAIM_RUN = `/* claimRun */
  WITH fitting AS MATERIALIZED (
    SELECT placement.id FROM runners runner JOIN placements placement ON ${RUNNER_FITS}
    WHERE runner.id = $1
      AND (SELECT count(*) FROM attempts active WHERE active.runner_id = $1 AND active.state = 'ACTIVE') < $2
  ), heads AS MATERIALIZED (
    SELECT head.* FROM fitting CROSS JOIN LATERAL (
      SELECT run.id, run.placement_id, run.priority, run.number FROM runs run
      WHERE run.placement_id = fitting.id AND (run.started_at IS NULL OR NOT ${CHECKPOINT_IS_LATE})
      ORDER BY run.priority DESC, run.number LIMIT $3) head
    ORDER BY head.priority DESC, head.number LIMIT $3
  ), first AS MATERIALIZED (
    SELECT run.id FROM heads JOIN runs run ON run.id = heads.id AND run.placement_id = heads.placement_id
    ORDER BY heads.priority DESC, heads.number LIMIT 1 FOR NO KEY UPDATE OF run SKIP LOCKED
  ), started AS (
    UPDATE runs run SET state = 'RUNNING', started_at = coalesce(run.started_at, now()), finished_at = NULL, failure = NULL
    FROM first WHERE run.id = first.id RETURNING run.*
  )
  SELECT (SELECT count(*)::int FROM heads) AS seen, started.*
  FROM (SELECT) AS always LEFT JOIN started ON true`;

/** The queue is the runs table itself, so that a run's state and its place in the queue cannot disagree. */
export class RunQueueRepository {
  /**
   * Claims the first run that fits the runner's pool, datasets, engine and version: highest priority first, then oldest. Null if
   * none fits, or all slots are taken. Concurrent claims skip each other's runs instead of waiting. The caller must have locked
   * the runner.
   */
  async claim(transaction: Transaction, runner: Claimant, lease: Lease): Promise<Claim | null> {
    for (let heads = HEADS; ; heads *= 2) {
      const [row] = await transaction.query<{ id: string | null; seen: number }[]>(CLAIM_RUN, [
        runner.id,
        runner.slots,
        heads,
      ]);
      if (row!.id !== null) return this.open(transaction, entityOf(transaction, Run, row!), runner.id, lease);
      // With as many as were asked for, there may be more behind them.
      if (row!.seen < heads) return null;
    }
  }

  /** Opens the run's next attempt. A statement of its own: it must see attempts that ended after the claim began to look. */
  private async open(
    transaction: Transaction,
    run: Run,
    runnerId: string,
    { seconds, serverId }: Lease,
  ): Promise<Claim> {
    const [attempt] = await transaction.query<{ id: string; fence: number }[]>(
      `/* openAttempt */ INSERT INTO attempts (run_id, fence, runner_id, lease_until, server_id)
       SELECT $1, coalesce(max(fence), 0) + 1, $2, now() + make_interval(secs => $3), $4 FROM attempts WHERE run_id = $1
       RETURNING id, fence`,
      [run.id, runnerId, seconds, serverId],
    );
    return { run, attemptId: attempt!.id, fence: attempt!.fence };
  }
}
