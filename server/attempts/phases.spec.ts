import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { listen } from '../testing/listener.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;
let runner: TestRunner;

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 20 });
});
beforeEach(() => emptyTables(dataSource, 'runs'));

const phaseOf = async (id: string): Promise<string | null> => (await server.run(id, 'phase')).phase;

/** A run that a runner has claimed and evaluates. */
async function evaluating(): Promise<Claimed> {
  await server.createRun();
  const attempt = (await runner.claim())!;
  expect(await phaseOf(attempt.runId)).toBeNull();
  await runner.report(attempt, { sequence: 1, phase: 'EVALUATING' });
  expect(await phaseOf(attempt.runId)).toBe('EVALUATING');
  return attempt;
}

describe('the phase of a run', () => {
  it('is the one that was reported last, and reaches subscribers', async () => {
    const attempt = await evaluating();
    const { received, until, stop } = await listen(
      server,
      'subscription ($id: ID!) { runChanged(runId: $id) { phase } }',
      { id: attempt.runId },
    );
    await until(() => received.at(-1)?.runChanged.phase === 'EVALUATING');
    await runner.report(attempt, { sequence: 2, step: 7 });
    expect(await phaseOf(attempt.runId)).toBe('EVALUATING');
    await runner.report(attempt, { sequence: 3, phase: 'UPLOADING' });
    await until(() => received.at(-1).runChanged.phase === 'UPLOADING');
    await stop();
  });

  it.each([
    ['has ended', 'SUCCEEDED'],
    ['has failed', 'FAILED'],
    ['is canceled', 'CANCELED'],
    ['returns to the queue', 'RELEASED'],
    ['is lost', 'LOST'],
  ])('is null once the run %s, and when it is claimed again', async (_, outcome) => {
    const attempt = await evaluating();
    if (outcome === 'CANCELED') {
      await server.ask(`mutation { cancelRun(id: "${attempt.runId}") { id } }`, {}, USER_TOKEN);
      expect(await server.run(attempt.runId, 'state phase')).toEqual({ state: 'CANCELING', phase: 'EVALUATING' });
    }
    if (outcome === 'SUCCEEDED') await runner.complete(attempt);
    else await runner.finish(attempt, outcome);
    expect(await phaseOf(attempt.runId)).toBeNull();
    if (outcome === 'FAILED') await server.ask(`mutation { retryRun(id: "${attempt.runId}") { id } }`, {}, USER_TOKEN);
    const again = outcome === 'SUCCEEDED' || outcome === 'CANCELED' ? null : await runner.claim();
    if (again) expect(await server.run(again.runId, 'state phase')).toEqual({ state: 'RUNNING', phase: null });
    // What the earlier attempt reports late changes nothing.
    const late = await runner.report(attempt, { sequence: 3, phase: 'UPLOADING' });
    expect(late.directive).toBe('LEASE_LOST');
    expect(await phaseOf(attempt.runId)).toBeNull();
  });
});
