import type { Prepared } from '../database/prepared.js';
import { CHECKPOINT_IS_LATE } from '../runs/late-checkpoint.js';
import { RUNNER_FITS } from '../runs/runner-fits.js';

/** What the statement says about the runner that claims. There is no row if it does not exist. */
export interface Claimant {
  /** Whether the instance speaks for the runner. If not, nothing was claimed. */
  isHeld: boolean;
  silentSeconds: number;
  configVersion: number;
  /** How many runs were looked at. */
  seen: number;
  /** Whether one of them was free. It was not started if another claim of this runner came first. */
  isFound: boolean;
  /** Null if no run was started. */
  attemptId: string | null;
  fence: number | null;
}

/**
 * The statement that claims a run: it finds the first one for the runner $1 among the first `heads`, starts it, and opens its
 * attempt on the server $3, with a lease of $4 seconds. $2 is the instance, or null. It is one statement, because each round trip
 * to PostgreSQL takes longer than most of its parts.
 *
 * - `fitting` are the placements that the runner fits; none if it is draining, paused or has no free slot. The index runs_claim has the
 *   runs of each in order, so `heads` reads only a few of each, however long the queue is.
 * - `first` is the first one that no simultaneous claim is taking (SKIP LOCKED), and that is still in its placement. It is locked
 *   outside of `heads`: a lock in there would keep the heads of all placements from other claims, for the sake of one run.
 * - `held` makes two claims of one runner exclude each other: both have counted the same attempts. The second one waits here for
 *   the first, finds that `last_seen_at` has changed, and starts nothing.
 *
 * `(SELECT $1)` hides the value from the planner. If it saw one, it would expect a cheaper plan than for all values, and plan
 * every claim again, which takes longer than the claim.
 */
export function claimStatement(heads: number, runColumns: string): Prepared {
  const text = `/* claimRun */
  WITH claimant AS MATERIALIZED (
    SELECT *, $2::uuid IS NULL OR instance_id IS NOT DISTINCT FROM $2::uuid AS is_held
    FROM runners WHERE id = (SELECT $1::uuid)
  ), fitting AS MATERIALIZED (
    SELECT placement.id FROM claimant runner JOIN placements placement ON ${RUNNER_FITS}
    WHERE runner.is_held AND NOT runner.draining AND NOT runner.paused
      AND (SELECT count(*) FROM attempts active WHERE active.runner_id = runner.id AND active.state = 'ACTIVE')
        < least(runner.slots, runner.slot_limit)
  ), heads AS MATERIALIZED (
    SELECT head.* FROM fitting CROSS JOIN LATERAL (
      SELECT run.id, run.placement_id, run.priority, run.number FROM runs run
      WHERE run.placement_id = fitting.id AND (run.started_at IS NULL OR NOT ${CHECKPOINT_IS_LATE})
      ORDER BY run.priority DESC, run.number LIMIT ${heads}) head
    ORDER BY head.priority DESC, head.number LIMIT ${heads}
  ), first AS MATERIALIZED (
    SELECT run.id FROM heads JOIN runs run ON run.id = heads.id AND run.placement_id = heads.placement_id
    ORDER BY heads.priority DESC, heads.number LIMIT 1 FOR NO KEY UPDATE OF run SKIP LOCKED
  ), held AS (
    UPDATE runners runner SET last_seen_at = clock_timestamp() FROM claimant, first
    WHERE runner.id = claimant.id AND runner.last_seen_at = claimant.last_seen_at
      AND NOT runner.draining AND NOT runner.paused
    RETURNING first.id
  ), started AS (
    UPDATE runs run SET state = 'RUNNING', placement_id = NULL, started_at = coalesce(run.started_at, now()),
      finished_at = NULL, failure = NULL
    FROM held WHERE run.id = held.id RETURNING ${runColumns}
  ), opened AS (
    INSERT INTO attempts (run_id, fence, runner_id, lease_until, server_id, version, "commit")
    SELECT started.id, coalesce((SELECT max(fence) FROM attempts WHERE run_id = started.id), 0) + 1, $1,
      now() + make_interval(secs => $4), $3, claimant.version, claimant."commit"
    FROM started CROSS JOIN claimant RETURNING id, fence
  )
  SELECT claimant.is_held AS "isHeld", claimant.config_version AS "configVersion",
    extract(epoch FROM now() - claimant.last_seen_at)::float8 AS "silentSeconds",
    (SELECT count(*)::int FROM heads) AS seen, EXISTS (SELECT FROM first) AS "isFound",
    opened.id AS "attemptId", opened.fence, started.*
  FROM claimant LEFT JOIN (started CROSS JOIN opened) ON true`;
  return { name: `claimRun ${heads}`, text };
}
