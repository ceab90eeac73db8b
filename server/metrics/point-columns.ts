import type { Problem } from '../../schema/problems/problem.js';
import { MOST_POINTS, MOST_SERIES } from '../../schema/report-limits.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import type { PointColumnsInput } from './metrics.inputs.js';
import { type Columns, inOrder, joined } from './points/columns.js';

const MAX_SERIES_NAME_LENGTH = 128;
/** A runner's clock may be ahead of ours by this, as for log lines. */
const TOLERANCE_MS = 5_000;

/**
 * Checks the points of a report and merges them. If a step of a series occurs twice, its last value counts. A series without
 * points is left out. A time in the future is replaced by `nowMs`: its runner's clock is wrong, and the runner does not know.
 * @throws BAD_USER_INPUT that names each invalid series
 * @returns the points of each series, ascending by step. Those without a time have the time null
 */
export function mergeColumns(columns: readonly PointColumnsInput[], nowMs: number): Map<string, Columns> {
  const problems = [...sizeProblems(columns), ...columns.flatMap(problemsOf)];
  if (problems.length > 0) throw invalid('points', problems);
  const merged = new Map<string, Columns>();
  for (const { series, steps, values, times } of columns) {
    if (steps.length === 0) continue;
    const points = { steps, values, times: times ? past(times, nowMs) : steps.map(() => null) };
    const before = merged.get(series);
    merged.set(series, inOrder(before ? joined([before, points]) : points));
  }
  return merged;
}

/** A callback would get each time as an object of its own, as in all loops over the points of a report. */
function past(timesMs: readonly number[], nowMs: number): number[] {
  const times = new Array<number>(timesMs.length);
  for (let place = 0; place < times.length; place++) {
    const timeMs = timesMs[place]!;
    times[place] = Math.round(timeMs > nowMs + TOLERANCE_MS ? nowMs : timeMs);
  }
  return times;
}

function sizeProblems(columns: readonly PointColumnsInput[]): Problem[] {
  const points = columns.reduce((total, { steps }) => total + steps.length, 0);
  const problems: Problem[] = [];
  if (columns.length > MOST_SERIES) {
    problems.push({ field: '', ...inputMistake('TOO_MANY_SERIES', { most: MOST_SERIES, count: columns.length }) });
  }
  if (points > MOST_POINTS) {
    problems.push({ field: '', ...inputMistake('TOO_MANY_POINTS', { most: MOST_POINTS, count: points }) });
  }
  return problems;
}

function problemsOf({ series, steps, values, times }: PointColumnsInput): Problem[] {
  if (series.trim() === '' || series.length > MAX_SERIES_NAME_LENGTH || /\p{Cc}/u.test(series)) {
    const mistake = inputMistake('SERIES_NAME_INVALID', { most: MAX_SERIES_NAME_LENGTH, name: series });
    return [{ field: '', ...mistake }];
  }
  // Clients use the names as keys of objects.
  if (series in Object.prototype) {
    return [{ field: '', ...inputMistake('SERIES_NAME_RESERVED', { name: series }) }];
  }
  const field = `series "${series}"`;
  if (steps.length !== values.length) {
    return [{ field, ...inputMistake('VALUES_AND_STEPS', { steps: steps.length, values: values.length }) }];
  }
  if (times && times.length !== steps.length) {
    return [{ field, ...inputMistake('TIMES_AND_STEPS', { steps: steps.length, times: times.length }) }];
  }
  const negative = steps.find((step) => step < 0);
  if (negative !== undefined) return [{ field, ...inputMistake('STEPS_NEGATIVE', { step: negative }) }];
  // A packed time can be NaN.
  const early = times?.find((time) => !(time >= 0));
  return early === undefined ? [] : [{ field, ...inputMistake('TIME_TOO_EARLY', { time: String(early) }) }];
}
