import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The parts of Vitest's JSON report on a spec that are read here. */
export interface SpecReport {
  /** The path. */
  name: string;
  status: 'passed' | 'failed';
  /** Why it failed as a whole, as when it cannot be loaded; otherwise empty. */
  message: string;
  assertionResults: { ancestorTitles: string[]; title: string; status: string; failureMessages: string[] }[];
}

const MOST_CHARACTERS = 200;

/**
 * One line for each test that failed, and one for each spec that failed for another reason:
 * `failed: path > test: first line of the message`.
 */
export function failedTests(specs: readonly SpecReport[], root: string): string[] {
  return specs.flatMap(({ name, status, message, assertionResults }) => {
    const path = relative(root, name);
    const lines = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ ancestorTitles, title, failureMessages }) =>
        line([path, ...ancestorTitles, title].join(' > '), failureMessages[0] ?? ''),
      );
    if (message !== '') lines.push(line(path, message));
    // The report does not say what went wrong in beforeAll or afterAll of a group of tests.
    if (status === 'failed' && lines.length === 0) lines.push(line(path, 'beforeAll or afterAll failed: see above'));
    return lines;
  });
}

function line(where: string, message: string): string {
  const [first = 'no message'] = stripVTControlCharacters(message)
    .split('\n')
    .filter((text) => text.trim() !== '');
  return `failed: ${where}: ${first.slice(0, MOST_CHARACTERS)}`;
}
