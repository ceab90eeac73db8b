import { eventSql } from '../../events/events.js';
import { writeArray } from './binary-array.js';
import { type Columns, offsets } from './columns.js';

/** The farthest that a time can be from the first one of its batch: they are 32-bit, and in milliseconds. */
const FARTHEST = 2 ** 31 - 1;

/**
 * The parameters of `appendBatch`, in its order, for the points of a report by the ids of their series. Steps must be ascending, and
 * none of the columns empty.
 */
export function batchValues(points: ReadonlyMap<number, Columns>): unknown[] {
  const [ids, columns] = [[...points.keys()], [...points.values()]];
  const { firstTime, times } = packed(columns);
  return [
    // The highest number of points that one series has.
    Math.max(...columns.map(({ steps }) => steps.length)),
    // The newest point of each series.
    writeArray('int4', ids),
    writeArray(
      'int8',
      columns.map(({ steps }) => steps.at(-1)!),
    ),
    writeArray(
      'float8',
      columns.map(({ values }) => values.at(-1)!),
    ),
    writeArray('int4', ...columns.map(({ steps }, i) => new Array<number>(steps.length).fill(ids[i]!))),
    writeArray('int8', ...columns.map(({ steps }) => steps)),
    writeArray('float8', ...columns.map(({ values }) => values)),
    firstTime === null ? null : new Date(firstTime).toISOString(),
    times === null ? null : writeArray('int4', ...times),
  ];
}

/**
 * Times as milliseconds after the first of them, which take less room. A live report has one time, so one is enough if all are
 * equal, and none if nothing is known.
 */
function packed(columns: readonly Columns[]): { firstTime: number | null; times: (number | null)[][] | null } {
  const { first, last, isComplete } = timesOf(columns);
  if (first === null) return { firstTime: null, times: null };
  if (isComplete && first === last) return { firstTime: first, times: null };
  return { firstTime: first, times: columns.map(({ times }) => offsets(times, first, FARTHEST)) };
}

/** Whether each point has a time that is stored as it is. */
export function hasExactTimes(points: ReadonlyMap<number, Columns>): boolean {
  const { first, last, isComplete } = timesOf([...points.values()]);
  return isComplete && last! - first! <= FARTHEST;
}

/** The lowest and the highest time, null if none is known, and whether all are known. */
function timesOf(columns: readonly Columns[]): { first: number | null; last: number | null; isComplete: boolean } {
  let [first, last, isComplete] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const { times } of columns) {
    for (let place = 0; place < times.length; place++) {
      const time = times[place]!;
      if (time === null) isComplete = false;
      else {
        first = Math.min(first, time);
        last = Math.max(last, time);
      }
    }
  }
  return first <= last ? { first, last, isComplete } : { first: null, last: null, isComplete };
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
export const APPENDED = `(SELECT number FROM counted) AS number, (SELECT waiting FROM counted) AS waiting,
  (SELECT ${eventSql('points.added', `json_build_object('runId', run_id, 'number', number)`)} FROM counted) AS published`;

/** What it returns. */
export interface AppendedRow {
  number: number;
  waiting: number;
}
