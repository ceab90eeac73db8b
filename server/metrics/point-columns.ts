import { invalid, type Problem } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
import type { PointColumnsInput } from './metrics.inputs.js';

const MAX_SERIES_NAME_LENGTH = 128;
const MAX_SERIES_PER_REPORT = 500;
/** Our agent closes a report after 256 KiB, at 24 bytes per point: about 11,000 points. */
const MAX_POINTS_PER_REPORT = 20_000;

/**
 * Checks the points of a report and merges them. If a step of a series occurs twice, its last value counts. A series without
 * points is left out.
 * @throws BAD_USER_INPUT that names each invalid series
 * @returns for each series, its values by step
 */
export function mergeColumns(columns: readonly PointColumnsInput[]): Map<string, Map<number, number>> {
  const problems = [...sizeProblems(columns), ...columns.flatMap(problemsOf)];
  if (problems.length > 0) throw invalid('points', problems);
  const merged = new Map<string, Map<number, number>>();
  for (const { series, steps, values } of columns) {
    if (steps.length === 0) continue;
    const points = merged.get(series) ?? new Map<number, number>();
    merged.set(series, points);
    for (let index = 0; index < steps.length; index++) points.set(steps[index]!, values[index]!);
  }
  return merged;
}

function sizeProblems(columns: readonly PointColumnsInput[]): Problem[] {
  const points = columns.reduce((total, { steps }) => total + steps.length, 0);
  const problems: Problem[] = [];
  if (columns.length > MAX_SERIES_PER_REPORT) {
    problems.push({
      field: '',
      message: `a report may have at most ${MAX_SERIES_PER_REPORT} series; got ${columns.length}`,
    });
  }
  if (points > MAX_POINTS_PER_REPORT) {
    problems.push({ field: '', message: `a report may have at most ${MAX_POINTS_PER_REPORT} points; got ${points}` });
  }
  return problems;
}

function problemsOf({ series, steps, values }: PointColumnsInput): Problem[] {
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
  const negative = steps.find((step) => step < 0);
  return negative === undefined ? [] : [{ field, message: `steps must be at least 0; got ${negative}` }];
}
