import { expect, it } from 'vitest';
import { failedTests, type SpecReport } from './failed-tests.js';

const test = (title: string, failureMessages: string[] = [], ancestorTitles: string[] = []) => ({
  ancestorTitles,
  title,
  status: failureMessages.length > 0 ? 'failed' : 'passed',
  failureMessages,
});

function spec(name: string, report: Partial<SpecReport>): SpecReport {
  return { name: `/clone/${name}`, status: 'failed', message: '', assertionResults: [], ...report };
}

const linesOf = (...specs: SpecReport[]) => failedTests(specs, '/clone');

it('has a line for each failed test, with the first line of its message', () => {
  const failed = spec('server/a.spec.ts', {
    assertionResults: [
      test('works'),
      test('adds', ['AssertionError: expected 1 to be 2\n    at a.spec.ts:1:1', 'Error: a second one']),
      test('inner', ['\u001b[31m\nError: red\u001b[39m'], ['group', 'deep']),
    ],
  });
  expect(linesOf(spec('b.spec.ts', { status: 'passed', assertionResults: [test('works')] }), failed)).toEqual([
    'failed: server/a.spec.ts > adds: AssertionError: expected 1 to be 2',
    'failed: server/a.spec.ts > group > deep > inner: Error: red',
  ]);
});

it('has a line for a spec that failed for another reason', () => {
  const cannotLoad = spec('a.spec.ts', { message: "Cannot find module './nothing.js'" });
  const hook = spec('b.spec.ts', { assertionResults: [test('works')] });
  const both = spec('c.spec.ts', { message: 'afterAll', assertionResults: [test('adds', ['Error: 3'])] });
  expect(linesOf(cannotLoad, hook, both)).toEqual([
    "failed: a.spec.ts: Cannot find module './nothing.js'",
    'failed: b.spec.ts: beforeAll or afterAll failed: see above',
    'failed: c.spec.ts > adds: Error: 3',
    'failed: c.spec.ts: afterAll',
  ]);
});

it('cuts a message after 200 characters', () => {
  const [line] = linesOf(spec('a.spec.ts', { message: 'x'.repeat(1000) }));
  expect(line).toBe(`failed: a.spec.ts: ${'x'.repeat(200)}`);
});
