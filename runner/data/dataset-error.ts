/** The most problems that a message lists. The others are only counted. */
const LISTED_PROBLEMS = 25;

/** A dataset that cannot be used as it is. `problems` lists every problem that was found, with its file. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly subject: string,
    readonly problems: readonly string[],
  ) {
    super(describe(subject, problems));
  }
}

function describe(subject: string, problems: readonly string[]): string {
  if (problems.length === 1) return `${subject}: ${problems[0]}`;
  const listed = problems.slice(0, LISTED_PROBLEMS).map((problem) => `\n  - ${problem}`);
  const left = problems.length - listed.length;
  const more = left > 0 ? `\n  … and ${left} more` : '';
  return `${subject}: ${problems.length} problems${listed.join('')}${more}`;
}
