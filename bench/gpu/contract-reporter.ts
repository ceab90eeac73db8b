import { relative } from 'node:path';
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** What the reporter prints, each behind MARK. */
export type ContractLine = { specs: string[] } | { spec: string; passed: number; skipped: number; failed: string[] };

export const MARK = 'contract ';

const name = (path: string) => relative(process.cwd(), path);

/** Prints a line for each spec as soon as it has ended, so that what has run is known if the tests are stopped. */
export default class ContractReporter implements Reporter {
  onTestRunStart(specifications: readonly TestSpecification[]): void {
    print({ specs: specifications.map(({ moduleId }) => name(moduleId)) });
  }

  onTestModuleEnd(spec: TestModule): void {
    const count = (state: 'passed' | 'skipped') => [...spec.children.allTests(state)].length;
    const tests = [...spec.children.allTests('failed')];
    const failed = tests.map((test) => `${test.fullName}: ${firstLine(test.result().errors?.[0]?.message)}`);
    const errors = spec.errors().map(({ message }) => firstLine(message));
    print({
      spec: name(spec.moduleId),
      passed: count('passed'),
      skipped: count('skipped'),
      failed: [...failed, ...errors],
    });
  }
}

function firstLine(text = 'no message'): string {
  return text.split('\n')[0]!;
}

function print(line: ContractLine): void {
  process.stdout.write(`${MARK}${JSON.stringify(line)}\n`);
}
