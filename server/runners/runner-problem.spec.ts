import { beforeAll, expect, it } from 'vitest';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;

beforeAll(async () => {
  runner = await server.registerRunner();
});

const beat = (problem?: string | null) =>
  server.ask(
    'mutation ($problem: String) { heartbeat(attempts: [], problem: $problem) { directive } }',
    { problem },
    runner.token,
  );
const shown = async (): Promise<string | null> =>
  (await server.ask('query ($id: ID!) { runner(id: $id) { problem } }', { id: runner.id }, USER_TOKEN)).runner.problem;

it('shows why a runner claims no runs, until its next heartbeat says otherwise', async () => {
  expect(await shown()).toBeNull();
  await beat('the disk is full');
  expect(await shown()).toBe('the disk is full');
  await beat('the disk is full, \0 and more');
  expect(await shown()).toBe('the disk is full, \u{fffd} and more');
  await beat(null);
  expect(await shown()).toBeNull();
});

it('cuts what a runner says, and forgets it when the runner restarts', async () => {
  await beat('x'.repeat(5000));
  expect(await shown()).toMatch(/^x{1000}… \(4000 more characters\)$/);
  await runner.start();
  expect(await shown()).toBeNull();
  // An older runner says nothing.
  await runner.heartbeat();
  expect(await shown()).toBeNull();
});
