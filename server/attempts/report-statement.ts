import type { ReportPart } from '../create-module.js';
import type { Prepared } from '../database/prepared.js';
import { eventSql } from '../events/events.js';
import { TOUCH_EVERY_SECONDS } from '../runners/runners.service.js';
import type { RunState } from '../runs/run.entity.js';
import type { Lease } from './attempts.repository.js';
import type { AttemptReportInput } from './attempts.types.js';
import type { stepRange } from './report-steps.js';

/** What the statement says about the run and the runner of a report that it has stored. There is no row if it stored nothing. */
export interface Stored {
  runId: string;
  studyId: string | null;
  datasetId: string;
  /** The number of the change of the run, under its row lock. */
  change: number;
  state: RunState;
  draining: boolean;
}

/**
 * A lease is renewed when it has become shorter than a lease, by this share of it more. The column has an index, so PostgreSQL
 * writes an entry in each index of the table when it changes, and only then.
 */
const EXTRA_LEASE = 0.05;

const BASE_PARAMETERS = 11;

/** Subscribers of what a report writes are told which parts of a report the change has. */
const CHANGED = `json_build_object('runId', run.id, 'studyId', run.study_id, 'change', run.changes, 'parts', $11::text[])`;

/**
 * The statement that stores a report: its number, the step and the phase of its run and the number of the change, and that its
 * runner and its attempt are alive. It stores nothing unless the attempt $1 is active with the fence $3, is the runner's $2, and
 * this report $4 is the next one; and unless all steps of the report are within the run. It locks the attempt, the run and the
 * runner, in this order, as everything does.
 *
 * Most reports hold only points, which are a part of it, so it is a transaction of its own and needs one round trip. Two reports
 * of one attempt that are sent at once update its row one after the other, and the second one sees the number of the first.
 */
export function reportStatement(part: ReportPart | null): Prepared {
  const text = `/* storeReport */
  WITH renewed AS (
    UPDATE attempts attempt SET sequence = $4, server_id = $6, lease_until = CASE
      WHEN attempt.lease_until < now() + make_interval(secs => $5::float8)
      THEN now() + make_interval(secs => $5::float8 * ${1 + EXTRA_LEASE}) ELSE attempt.lease_until END
    FROM runs run
    WHERE attempt.id = $1 AND attempt.runner_id = $2 AND attempt.fence = $3 AND attempt.state = 'ACTIVE'
      AND attempt.sequence = $4 - 1 AND run.id = attempt.run_id AND $8 >= 0 AND $9 <= run.iterations
    RETURNING attempt.run_id
  ), run AS (
    UPDATE runs SET changes = runs.changes + 1, step = coalesce($7, runs.step), phase = coalesce($10, runs.phase)
    FROM renewed WHERE runs.id = renewed.run_id
    RETURNING runs.id, runs.study_id, runs.dataset_id, runs.state, runs.changes
  ), seen AS (
    UPDATE runners SET last_seen_at = now() FROM run
    WHERE runners.id = $2 AND runners.last_seen_at < now() - make_interval(secs => ${TOUCH_EVERY_SECONDS})
    RETURNING runners.id
  )${part ? `, ${part.ctes(BASE_PARAMETERS + 1)}` : ''}
  SELECT run.id AS "runId", run.study_id AS "studyId", run.dataset_id AS "datasetId", run.changes AS change,
    run.state, runner.draining,
    ${eventSql('run.changed', CHANGED)} AS changed,
    (SELECT ${eventSql('runner.changed', `json_build_object('runnerId', seen.id)`)} FROM seen) AS seen
    ${part ? `, ${part.selected}` : ''}
  FROM run JOIN runners runner ON runner.id = $2`;
  return { name: `storeReport ${part?.name ?? ''}`, text };
}

/** Its parameters, without those of the part. */
export function reportValues(
  runnerId: string,
  { attemptId, fence, sequence, step, phase }: AttemptReportInput,
  { seconds, serverId }: Lease,
  { first, last }: ReturnType<typeof stepRange>,
  parts: readonly string[],
): unknown[] {
  return [attemptId, runnerId, fence, sequence, seconds, serverId, step ?? null, first, last, phase ?? null, parts];
}
