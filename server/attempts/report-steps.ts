import { invalid, type Problem } from '../graphql/errors.js';

/** What the entries of a report have in common, of whatever kind they are. */
interface Entry {
  step?: number | null;
  steps?: number[];
}

/**
 * Checks the steps of everything in a report. Training reports how many iterations it has completed, so no step is before 0
 * or after the run's last one. One far outside would stretch every chart for good.
 * @throws BAD_USER_INPUT that names each entry with such a step
 */
export function checkSteps(report: object, iterations: number): void {
  const problems: Problem[] = [];
  const check = (field: string, { step, steps = [] }: Entry) => {
    const given = typeof step === 'number' ? [step, ...steps] : steps;
    const outside = given.find((each) => each < 0 || each > iterations);
    if (outside === undefined) return;
    problems.push({ field, message: `must be between 0 and the run's ${iterations} iterations; got ${outside}` });
  };
  check('step', { step: (report as Entry).step ?? null });
  for (const [kind, content] of Object.entries(report)) {
    if (typeof content !== 'object' || content === null) continue;
    if (!Array.isArray(content)) check(`${kind}.step`, content);
    else for (const [index, entry] of content.entries()) check(`${kind}.${index}.step`, entry as Entry);
  }
  if (problems.length > 0) throw invalid('the report', problems);
}
