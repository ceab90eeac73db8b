import type { Problem } from '../../schema/problems/problem.js';
import { invalid } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';

/** What the entries of a report have in common, of whatever kind they are. */
interface Entry {
  step?: number | null;
  steps?: number[] | Int32Array;
}

/** The lowest and the highest step of everything in a report; 0 if it has none. */
export function stepRange(report: object): { first: number; last: number } {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, { step, steps = [] }] of entriesOf(report)) {
    if (typeof step === 'number') {
      first = Math.min(first, step);
      last = Math.max(last, step);
    }
    // An iterator would take several times as long.
    for (let i = 0; i < steps.length; i++) {
      const each = steps[i]!;
      if (each < first) first = each;
      if (each > last) last = each;
    }
  }
  return first <= last ? { first, last } : { first: 0, last: 0 };
}

/**
 * Checks the steps of everything in a report. Training reports how many iterations it has completed, so no step is before 0
 * or after the run's last one. One far outside would stretch every chart for good.
 * @throws BAD_USER_INPUT that names each entry with such a step
 */
export function checkSteps(report: object, iterations: number): void {
  const problems: Problem[] = [];
  for (const [field, { step, steps = [] }] of entriesOf(report)) {
    const given = typeof step === 'number' ? [step, ...steps] : steps;
    const outside = given.find((each) => each < 0 || each > iterations);
    if (outside === undefined) continue;
    problems.push({ field, ...inputMistake('STEP_OUTSIDE', { iterations, step: outside }) });
  }
  if (problems.length > 0) throw invalid('the report', problems);
}

/** Everything in a report that may have a step, with the field that it is in. */
function entriesOf(report: object): [field: string, entry: Entry][] {
  const entries: [string, Entry][] = [['step', { step: (report as Entry).step ?? null }]];
  for (const [kind, content] of Object.entries(report)) {
    if (typeof content !== 'object' || content === null) continue;
    if (!Array.isArray(content)) entries.push([`${kind}.step`, content]);
    else for (const [index, entry] of content.entries()) entries.push([`${kind}.${index}.step`, entry as Entry]);
  }
  return entries;
}
