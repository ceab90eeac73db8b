import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
let runner: TestRunner;
const change = (operation: string, more = '') =>
  server.ask(
    `mutation ($id: ID!) { ${operation}(id: $id${more}) { name state paused } }`,
    { id: runner.id },
    USER_TOKEN,
  );
const rotate = async (overlapSeconds = 0) => {
  const mutation = `mutation ($id: ID!, $s: Int!) { rotateRunnerToken(id: $id, overlapSeconds: $s) {
    token runner { id } } }`;
  return server.ask(mutation, { id: runner.id, s: overlapSeconds }, USER_TOKEN);
};

beforeEach(async () => {
  await emptyTables(server.database.dataSource, 'runs', 'runners', 'audit_log');
  runner = await server.registerRunner({ slots: 2 });
});

const newest = async () =>
  (
    await server.ask(
      '{ auditLog(first: 1) { edges { node { operation targets arguments changes { target field old new } } } } }',
      {},
      USER_TOKEN,
    )
  ).auditLog.edges[0].node;

describe('a runner', () => {
  it('keeps the name that it was given when its agent starts', async () => {
    expect((await change('renameRunner', ', name: " big "')).renameRunner.name).toBe('big');
    expect(await newest()).toMatchObject({
      operation: 'renameRunner',
      changes: [{ target: runner.id, field: 'name', old: 'gpu-1', new: 'big' }],
    });
    await runner.start({ name: 'gpu-1', device: 'new' });
    const { runners } = await server.ask('{ runners { name device } }', {}, USER_TOKEN);
    expect(runners).toEqual([{ name: 'big', device: 'new' }]);
    await expect(change('renameRunner', ', name: " "')).rejects.toThrow('name: must have 1 to 256 characters');
  });

  it('that is paused finishes what it trains and claims nothing, even after a restart', async () => {
    for (let i = 0; i < 2; i++) await server.createRun();
    const attempt = (await runner.claim())!;
    expect((await change('pauseRunner')).pauseRunner).toMatchObject({ state: 'ONLINE', paused: true });
    expect(await newest()).toMatchObject({ changes: [{ field: 'paused', old: false, new: true }] });
    expect(await runner.heartbeat(attempt)).toEqual(['CONTINUE']);
    expect(await runner.claim()).toBeNull();
    await runner.complete(attempt);
    await runner.start();
    expect(await runner.claim()).toBeNull();
    const live = server.subscribe('subscription { runQueued }', {}, runner.token);
    const told = live.next();
    await vi.waitFor(async () => {
      await change('resumeRunner');
      expect(await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 200, null))])).not.toBeNull();
    });
    expect(await runner.claim()).not.toBeNull();
    await live.return!();
  });

  it('that was drained claims runs again when the drain is ended', async () => {
    await server.createRun();
    const attempt = (await runner.claim())!;
    await change('drainRunner');
    expect(await runner.heartbeat(attempt)).toEqual(['DRAIN']);
    await runner.finish(attempt, 'RELEASED');
    expect(await runner.claim()).toBeNull();
    expect((await change('undrainRunner')).undrainRunner.state).toBe('ONLINE');
    expect((await runner.claim())!.runId).toBe(attempt.runId);
  });

  it('gets a new token, and its old one ends at once', async () => {
    const { token } = (await rotate()).rotateRunnerToken;
    await expect(runner.claim()).rejects.toThrow('UNAUTHENTICATED');
    expect(await new TestRunner(server, runner.id, token).claim()).toBeNull();
    expect(await newest()).toMatchObject({ operation: 'rotateRunnerToken', targets: [runner.id] });
    expect(JSON.stringify(await newest())).not.toContain(token);
  });

  it('may use its old token for a while, but not the one before', async () => {
    const first = (await rotate(3600)).rotateRunnerToken.token;
    for (const token of [runner.token, first]) {
      expect(await new TestRunner(server, runner.id, token).claim()).toBeNull();
    }
    await rotate(3600);
    await expect(runner.claim()).rejects.toThrow('UNAUTHENTICATED');
    expect(await new TestRunner(server, runner.id, first).claim()).toBeNull();
    await server.database.dataSource.query('UPDATE runners SET old_token_until = now()');
    // What was looked up within the last 5 s may still be used.
    const ended = () => expect(new TestRunner(server, runner.id, first).claim()).rejects.toThrow('UNAUTHENTICATED');
    await vi.waitFor(ended, { timeout: 10_000, interval: 500 });
    await expect(rotate(-1)).rejects.toThrow('overlapSeconds: must be between 0 and 604800; got -1');
  });

  it('loses the sockets of its old token', async () => {
    const live = server.subscribe('subscription { runQueued }', {}, runner.token);
    const ended = expect(live.next()).rejects.toMatchObject({ code: 4403 });
    // Otherwise, the socket might never be admitted.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await rotate();
    await ended;
  });
});
