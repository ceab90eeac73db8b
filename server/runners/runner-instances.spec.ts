import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { runnerInfo, type TestRunner, testServer } from '../testing/test-server.js';

const LEASE_SECONDS = 60;
const server = testServer({ leaseSeconds: LEASE_SECONDS });

const HEARTBEAT = `mutation ($attempts: [AttemptRefInput!]!, $instance: RunnerInstanceInput) {
  heartbeat(attempts: $attempts, instance: $instance) { directive } }`;
const CLAIM = 'mutation ($instance: RunnerInstanceInput) { claimRun(instance: $instance) { attemptId fence } }';
const START = `mutation ($info: RunnerInfoInput!, $instance: RunnerInstanceInput) {
  startRunner(info: $info, instance: $instance) { leaseSeconds } }`;
const RELEASE = 'mutation ($instance: RunnerInstanceInput!) { releaseRunner(instance: $instance) }';

interface Instance {
  id: string;
  host: string;
}
const instance = (host: string): Instance => ({ id: randomUUID(), host });

const heartbeat = (runner: TestRunner, by: Instance | null) =>
  server.send(HEARTBEAT, { attempts: [], instance: by }, runner.token);
const refusal = async (runner: TestRunner, by: Instance | null) => (await heartbeat(runner, by)).errors?.[0];

/** Lets the runner have been silent for so long. */
async function silence(runner: TestRunner, seconds: number): Promise<void> {
  const sql = 'UPDATE runners SET last_seen_at = now() - make_interval(secs => $2) WHERE id = $1';
  await server.database.dataSource.query(sql, [runner.id, seconds]);
}

it('refuses a copy of a home, with what to do, and does nothing that the copy asks for', async () => {
  const runner = await server.registerRunner({ name: 'gpu' });
  const [original, copy] = [instance('one'), instance('two')];
  await server.createRun();
  expect(await refusal(runner, original)).toBeUndefined();
  const { claimRun } = await server.ask(CLAIM, { instance: original }, runner.token);
  await silence(runner, 10);
  const error = (await refusal(runner, copy))!;
  expect(error.message).toMatch(
    /^another copy of the home of runner "gpu" has been in use on one since 20\S+Z, and was last heard from [1-5]\d s ago; stop it there \(if it has stopped, wait \d+ s\), or register this machine/,
  );
  expect(error.extensions).toMatchObject({ code: 'CONFLICT', retryAfterSeconds: expect.any(Number) });
  for (const [query, variables] of [
    [START, { info: runnerInfo() }],
    [CLAIM, {}],
  ] as const) {
    const { errors } = await server.send(query, { ...variables, instance: copy }, runner.token);
    expect(errors?.[0]?.extensions.code).toBe('CONFLICT');
  }
  await server.ask(RELEASE, { instance: copy }, runner.token);
  // Neither has the original's attempt ended, nor counts what the copy said as a sign of the original.
  expect((await refusal(runner, copy))?.message).toMatch(/was last heard from [1-5]\d s ago/);
  const { heartbeat: directives } = await server.ask(
    HEARTBEAT,
    { attempts: [claimRun], instance: original },
    runner.token,
  );
  expect(directives).toEqual([{ directive: 'CONTINUE' }]);
});

it('lets another instance take over after a lease of silence, and then refuses the old one', async () => {
  const runner = await server.registerRunner();
  const [old, next] = [instance('old'), instance('new')];
  await heartbeat(runner, old);
  await silence(runner, LEASE_SECONDS - 2);
  expect(await refusal(runner, next)).toBeTruthy();
  await silence(runner, LEASE_SECONDS + 1);
  // Of several, one gets it.
  const refusals = await Promise.all([next, instance('a'), instance('b')].map((each) => refusal(runner, each)));
  expect(refusals.filter((each) => each === undefined)).toHaveLength(1);
  expect(await refusal(runner, old)).toBeTruthy();
});

it('lets the next instance start at once when the old one has stopped', async () => {
  const runner = await server.registerRunner();
  const [old, next] = [instance('old'), instance('new')];
  await heartbeat(runner, old);
  await server.ask(RELEASE, { instance: old }, runner.token);
  expect(await refusal(runner, next)).toBeUndefined();
});

it('serves a runner that sends no instance as before', async () => {
  const runner = await server.registerRunner();
  await heartbeat(runner, instance('one'));
  expect(await refusal(runner, null)).toBeUndefined();
  await expect(runner.start()).resolves.toBeTruthy();
});

it('refuses an instance that is not valid', async () => {
  const runner = await server.registerRunner();
  const error = await refusal(runner, { id: 'x', host: '' });
  expect(error?.message).toContain('instance.id: must be a UUID; got "x"');
  expect(error?.message).toContain('instance.host: must have 1 to 256 characters; got ""');
});
