import { MOST_POINTS, MOST_SERIES } from '../../schema/report-limits.js';
import { invalid, type Problem } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
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
    const points = { steps, values, times: times?.map((time) => past(time, nowMs)) ?? steps.map(() => null) };
    const before = merged.get(series);
    merged.set(series, inOrder(before ? joined([before, points]) : points));
  }
  return merged;
}

const past = (timeMs: number, nowMs: number) => Math.round(timeMs > nowMs + TOLERANCE_MS ? nowMs : timeMs);

function sizeProblems(columns: readonly PointColumnsInput[]): Problem[] {
  const points = columns.reduce((total, { steps }) => total + steps.length, 0);
  const problems: Problem[] = [];
  if (columns.length > MOST_SERIES) {
    problems.push({ field: '', message: `a report may have at most ${MOST_SERIES} series; got ${columns.length}` });
  }
  if (points > MOST_POINTS) {
    problems.push({ field: '', message: `a report may have at most ${MOST_POINTS} points; got ${points}` });
  }
  return problems;
}

function problemsOf({ series, steps, values, times }: PointColumnsInput): Problem[] {
  if (series.trim() === '' || series.length > MAX_SERIES_NAME_LENGTH || /\p{Cc}/u.test(series)) {
    const message = `the name of a series must have 1 to ${MAX_SERIES_NAME_LENGTH} printable characters; got ${shown(series)}`;
    return [{ field: '', message }];
  }
  // Clients use the names as keys of objects.
  if (series in Object.prototype) {
    return [{ field: '', message: `"${series}" has a meaning in JavaScript and cannot name a series` }];
  }
  const field = `series "${series}"`;
  if (steps.length !== values.length) {
    return [{ field, message: `has ${steps.length} steps but ${values.length} values` }];
  }
  if (times && times.length !== steps.length) {
    return [{ field, message: `has ${steps.length} steps but ${times.length} times` }];
  }
  const negative = steps.find((step) => step < 0);
  if (negative !== undefined) return [{ field, message: `steps must be at least 0; got ${negative}` }];
  // A packed time can be NaN.
  const early = times?.find((time) => !(time >= 0));
  return early === undefined ? [] : [{ field, message: `times must not be before 1970; got ${early}` }];
}
