import { afterAll, afterEach, beforeAll } from 'vitest';
import { TestStack } from './test-stack.js';

/** A stack with one runner, for the test file that calls it. If a test fails, prints the output of its programs. */
export function stackWithRunner(settings: Record<string, string>): TestStack {
  const stack = new TestStack(settings);
  beforeAll(async () => {
    await stack.startServer();
    await stack.registerRunner('r');
    stack.startRunner('r');
  }, 120_000);
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(stack.output);
  });
  afterAll(() => stack.close());
  return stack;
}
