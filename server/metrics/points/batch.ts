import { eventSql } from '../../events/events.js';
import { writeArray } from './binary-array.js';
import type { Columns } from './columns.js';

/** The farthest that a time can be from the first one of its batch: they are 32-bit, and in milliseconds. */
const FARTHEST = 2 ** 31 - 1;

/** The points of a report, and the newest one of each series. */
export interface Batch {
  points: Columns & { series: number[] };
  newest: { series: number[]; steps: number[]; values: number[] };
  /** The highest number of points that one series has. */
  waiting: number;
}

/** The batch of these points. Steps must be ascending, and none of the columns empty. */
export function batchOf(columns: ReadonlyMap<number, Columns>): Batch {
  const points: Batch['points'] = { series: [], steps: [], values: [], times: [] };
  const newest: Batch['newest'] = { series: [], steps: [], values: [] };
  let waiting = 0;
  for (const [id, { steps, values, times }] of columns) {
    for (let place = 0; place < steps.length; place++) {
      points.series.push(id);
      points.steps.push(steps[place]!);
      points.values.push(values[place]!);
      points.times.push(times[place]!);
    }
    newest.series.push(id);
    newest.steps.push(steps.at(-1)!);
    newest.values.push(values.at(-1)!);
    waiting = Math.max(waiting, steps.length);
  }
  return { points, newest, waiting };
}

/** The parameters of `appendBatch`, in its order. */
export function batchValues({ points, newest, waiting }: Batch): unknown[] {
  const { firstTime, times } = packed(points.times);
  return [
    waiting,
    writeArray('int4', newest.series),
    writeArray('int8', newest.steps),
    writeArray('float8', newest.values),
    writeArray('int4', points.series),
    writeArray('int8', points.steps),
    writeArray('float8', points.values),
    firstTime === null ? null : new Date(firstTime).toISOString(),
    times === null ? null : writeArray('int4', times),
  ];
}

/**
 * Times as milliseconds after the first of them, which take less room. A live report has one time, so one is enough if all are
 * equal, and none if nothing is known.
 */
function packed(all: readonly (number | null)[]): { firstTime: number | null; times: (number | null)[] | null } {
  let firstTime: number | null = null;
  for (const time of all) if (time !== null && (firstTime === null || time < firstTime)) firstTime = time;
  if (firstTime === null || all.every((time) => time === firstTime)) return { firstTime, times: null };
  const since = firstTime;
  return { firstTime, times: all.map((time) => (time === null ? null : Math.min(time - since, FARTHEST))) };
}

const PARAMETERS = 9;

/**
 * CTEs that append a batch to the run in the CTE `run (id)`, if that has a row. `counted` has the batch's number, and an upper
 * bound of the points that a series has waiting. The parameters are `batchValues`, numbered from `first`.
 */
export function appendBatch(first: number): string {
  const [waiting, newest, newestSteps, newestValues, series, steps, values, firstTime, times] = Array.from(
    { length: PARAMETERS },
    (_, place) => `$${first + place}`,
  );
  return `counted AS (
    INSERT INTO run_points AS stored (run_id, batches, waiting, series, last_steps, last_values)
    SELECT run.id, 1, ${waiting}, ${newest}::int[], ${newestSteps}::bigint[], ${newestValues}::float8[] FROM run
    ON CONFLICT (run_id) DO UPDATE SET batches = stored.batches + 1, waiting = stored.waiting + excluded.waiting,
      (series, last_steps, last_values) = (
        SELECT array_agg(series), array_agg(step), array_agg(value) FROM (
          SELECT DISTINCT ON (series) series, step, value FROM (
            SELECT *, 0 AS age FROM unnest(excluded.series, excluded.last_steps, excluded.last_values) AS n (series, step, value)
            UNION ALL
            SELECT *, 1 FROM unnest(stored.series, stored.last_steps, stored.last_values)) AS known
          ORDER BY series, step DESC, age) newest)
    RETURNING run_id, batches AS number, waiting
  ), added AS (
    INSERT INTO point_batches (run_id, number, series, steps, values, first_time, times)
    SELECT run_id, number, ${series}::int[], ${steps}::bigint[], ${values}::float8[], ${firstTime}::timestamptz, ${times}::int[]
    FROM counted
  )`;
}

/** What to select after the CTEs: it notifies every server. */
export const APPENDED = `(SELECT waiting FROM counted) AS waiting,
  (SELECT ${eventSql('points.added', `json_build_object('runId', run_id, 'number', number)`)} FROM counted) AS published`;

/** What it returns. */
export interface AppendedRow {
  waiting: number;
}
