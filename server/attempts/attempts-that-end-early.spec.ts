import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;

const points = (...steps: number[]) => [{ series: 'loss', steps, values: steps.map((step) => step / 10) }];
const lossOf = async (runId: string): Promise<number[]> =>
  (await server.run(runId, 'metrics(names: ["loss"]) { steps }')).metrics[0]?.steps ?? [];
const change = (mutation: string, id: string) =>
  server.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { state } }`, { id }, USER_TOKEN);

async function claimed(): Promise<Claimed> {
  const id = await server.createRun();
  const claim = await runner.claim();
  expect(claim?.runId).toBe(id);
  return claim!;
}

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 50 });
});

// A failing test must not leave runs behind, because the next one would claim them.
beforeEach(async () => {
  await server.database.dataSource.query(`UPDATE attempts SET state = 'LOST' WHERE state = 'ACTIVE'`);
  await server.database.dataSource.query(`UPDATE runs SET state = 'CANCELED' WHERE state IN ('QUEUED', 'RUNNING')`);
});
describe('a run that loses one attempt after another', () => {
  /** Claims the run, reports a checkpoint of the step, and loses the attempt. */
  async function loseAfter(step: number): Promise<string> {
    const attempt = (await runner.claim())!;
    const sha256 = await runner.upload(Buffer.from(`checkpoint ${step}`));
    const checkpoint = { step, sha256, bytes: Buffer.byteLength(`checkpoint ${step}`) };
    await runner.report(attempt, { sequence: 1, step, checkpoint });
    return runner.finish(attempt, 'LOST');
  }

  it('continues as long as each one reports a new checkpoint', async () => {
    const id = await server.createRun();
    for (let i = 1; i <= 12; i++) expect(await loseAfter(10 * i)).toBe('QUEUED');
    for (let i = 2; i <= 9; i++) expect(await runner.finish((await runner.claim())!, 'LOST')).toBe('QUEUED');
    expect(await loseAfter(130)).toBe('QUEUED');
    await change('cancelRun', id);
  });

  it('fails if each one only reports a checkpoint of the same step', async () => {
    await server.createRun();
    expect(await loseAfter(50)).toBe('QUEUED');
    for (let i = 2; i <= 9; i++) expect(await loseAfter(50)).toBe('QUEUED');
    expect(await loseAfter(50)).toBe('FAILED');
  });
});

describe('a run that is canceled while it is being trained', () => {
  it('tells its runner, and is CANCELED once that has stopped', async () => {
    const attempt = await claimed();
    expect((await change('cancelRun', attempt.runId)).cancelRun.state).toBe('CANCELING');
    expect(await runner.heartbeat(attempt)).toEqual(['CANCEL']);
    expect((await runner.report(attempt, { sequence: 1, step: 1 })).directive).toBe('CANCEL');
    await expect(server.ask(`mutation { deleteRun(id: "${attempt.runId}") }`)).rejects.toThrow('CONFLICT');
    expect(await runner.finish(attempt, 'CANCELED')).toBe('CANCELED');
  });

  it.each(['LOST', 'RELEASED'])('is CANCELED if the attempt ends as %s', async (outcome) => {
    const attempt = await claimed();
    await change('cancelRun', attempt.runId);
    expect(await runner.finish(attempt, outcome)).toBe('CANCELED');
  });

  it('is COMPLETED if training completes first', async () => {
    const attempt = await claimed();
    await change('cancelRun', attempt.runId);
    expect(await runner.complete(attempt)).toBe('COMPLETED');
    await expect(change('cancelRun', attempt.runId)).rejects.toThrow('CONFLICT');
  });
});

describe('a retried run', () => {
  it('resumes from its newest checkpoint and keeps its results', async () => {
    const attempt = await claimed();
    expect(attempt.resumeFrom).toBeNull();
    const bytes = randomBytes(1000);
    const sha256 = await runner.upload(bytes);
    await runner.report(attempt, {
      sequence: 1,
      step: 7,
      points: points(7),
      checkpoint: { step: 7, sha256, bytes: 1000 },
    });
    await runner.finish(attempt, 'FAILED', 'NaN');
    await change('retryRun', attempt.runId);
    expect(await server.run(attempt.runId)).toMatchObject({ state: 'QUEUED', failure: null });
    const next = (await runner.claim())!;
    expect(next.resumeFrom).toEqual({ step: 7, sha256, bytes: 1000, url: `/blobs/${sha256}` });
    const download = await fetch(server.url + next.resumeFrom!.url);
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await lossOf(attempt.runId)).toEqual([7]);
  });
});

describe('a runner', () => {
  it('that restarts loses its attempts immediately', async () => {
    const attempt = await claimed();
    expect(await runner.start({ slots: 50 })).toEqual({
      heartbeatSeconds: 15,
      leaseSeconds: 60,
      pollSeconds: 10,
      runner: { state: 'ONLINE', pool: 'default' },
    });
    expect(await server.run(attempt.runId)).toMatchObject({ state: 'QUEUED' });
    expect(await runner.report(attempt, { sequence: 1 })).toMatchObject({ directive: 'LEASE_LOST' });
  });

  it('that is being drained is told so, and claims nothing until it restarts', async () => {
    const attempt = await claimed();
    const { drainRunner } = await server.ask(`mutation { drainRunner(id: "${runner.id}") { state } }`, {}, USER_TOKEN);
    expect(drainRunner.state).toBe('DRAINING');
    expect(await runner.heartbeat(attempt)).toEqual(['DRAIN']);
    await server.createRun();
    expect(await runner.claim()).toBeNull();
    await runner.start({ slots: 50 });
    expect(await runner.claim()).not.toBeNull();
  });

  it('lists its active attempts', async () => {
    const attempt = await claimed();
    const { runner: shown } = await server.ask(
      `{ runner(id: "${runner.id}") { activeAttempts { attempt { fence runner { name } } run { id } } } }`,
    );
    expect(shown.activeAttempts).toEqual([
      { attempt: { fence: attempt.fence, runner: { name: 'gpu-1' } }, run: { id: attempt.runId } },
    ]);
  });

  it('that is removed loses its attempts and its token', async () => {
    const removed = await server.registerRunner({ name: 'gpu-3' });
    const id = await server.createRun();
    const attempt = (await removed.claim())!;
    expect(attempt.runId).toBe(id);
    await server.ask(`mutation { removeRunner(id: "${removed.id}") }`, {}, USER_TOKEN);
    expect(await server.run(id, 'state attempts { state runner { id } }')).toEqual({
      state: 'QUEUED',
      attempts: [{ state: 'LOST', runner: null }],
    });
    await expect(removed.heartbeat(attempt)).rejects.toThrow('UNAUTHENTICATED');
  });
});
