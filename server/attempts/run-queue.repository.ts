import type { Transaction } from '../database/transaction.js';
import type { Runner } from '../runners/runner.entity.js';
import { CHECKPOINT_IS_LATE } from '../runs/late-checkpoint.js';
import type { Lease } from './attempts.repository.js';

export interface Claim {
  runId: string;
  attemptId: string;
  fence: number;
}

/** The queue is the runs table itself, so that a run's state and its place in the queue cannot disagree. */
export class RunQueueRepository {
  /**
   * Claims the first run that fits the runner's pool, datasets, engine and version: highest priority first, then oldest. Null if
   * none fits. Concurrent claims skip each other's rows (SKIP LOCKED) instead of waiting. The caller must have locked the
   * runner.
   */
  async claim(transaction: Transaction, runner: Runner, { seconds, serverId }: Lease): Promise<Claim | null> {
    const [run] = await transaction.query<{ id: string }[]>(
      `/* claimRun */ SELECT run.id FROM runs run
       WHERE run.state = 'QUEUED' AND run.pool = $1 AND run.engine IN ('any', $2)
         AND run.needed_config_version <= $4
         AND EXISTS (SELECT FROM runner_datasets held WHERE held.runner_id = $3 AND held.dataset_id = run.dataset_id)
         AND NOT ${CHECKPOINT_IS_LATE}
       ORDER BY run.priority DESC, run.number
       LIMIT 1 FOR UPDATE OF run SKIP LOCKED`,
      [runner.pool, runner.engine, runner.id, runner.configVersion],
    );
    if (!run) return null;
    await transaction.query(
      `/* startRun */ UPDATE runs SET state = 'RUNNING', started_at = coalesce(started_at, now()), finished_at = NULL,
         failure = NULL WHERE id = $1`,
      [run.id],
    );
    const [attempt] = await transaction.query<{ id: string; fence: number }[]>(
      `/* openAttempt */ INSERT INTO attempts (run_id, fence, runner_id, lease_until, server_id)
       SELECT $1, coalesce(max(fence), 0) + 1, $2, now() + make_interval(secs => $3), $4 FROM attempts WHERE run_id = $1
       RETURNING id, fence`,
      [run.id, runner.id, seconds, serverId],
    );
    return { runId: run.id, attemptId: attempt!.id, fence: attempt!.fence };
  }
}
