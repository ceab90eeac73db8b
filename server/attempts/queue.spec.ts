import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { type Claimed, type TestRunner, TestServer, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();

describe('the queue', () => {
  it('gives each run to one runner, no matter how many claim at once', async () => {
    const runners = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => server.registerRunner({ name: `${i}`, slots: 5 })));
    const created = new Set<string>();
    for (let i = 0; i < 12; i++) created.add(await server.createRun());
    const claims = await Promise.all(
      runners.flatMap((runner) => Array.from({ length: 5 }, async () => ({ runner, claim: await runner.claim() }))),
    );
    const given = claims.filter((entry): entry is { runner: TestRunner; claim: Claimed } => entry.claim !== null);
    expect(given).toHaveLength(12);
    expect(new Set(given.map(({ claim }) => claim.runId))).toEqual(created);
    for (const { runner, claim } of given) await runner.complete(claim);
  });

  it('gives a runner no more runs than it has slots, even if it claims several times at once', async () => {
    const runner = await server.registerRunner({ slots: 2 });
    for (let i = 0; i < 3; i++) await server.createRun();
    const claims = (await Promise.all([1, 2, 3, 4].map(() => runner.claim()))).filter((claim) => claim !== null);
    expect(claims).toHaveLength(2);
    await runner.complete(claims[0]!);
    const last = await runner.claim();
    expect(last).not.toBeNull();
    for (const claim of [claims[1]!, last!]) await runner.complete(claim);
  });

  it('counts no more slots than the limit of the runner, which can be changed', async () => {
    const runner = await server.registerRunner({ slots: 64 });
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push(await server.createRun());
    const claimAll = async () => (await Promise.all(ids.map(() => runner.claim()))).filter((claim) => claim !== null);
    const setLimit = (limit: number) =>
      server.ask(
        'mutation ($id: ID!, $limit: Int!) { setRunnerSlotLimit(id: $id, limit: $limit) { slots slotLimit } }',
        { id: runner.id, limit },
        USER_TOKEN,
      );
    const claims = await claimAll();
    expect(claims).toHaveLength(8);
    expect(await setLimit(9)).toEqual({ setRunnerSlotLimit: { slots: 64, slotLimit: 9 } });
    claims.push(...(await claimAll()));
    expect(claims).toHaveLength(9);
    await setLimit(1);
    expect(await runner.heartbeat(...claims)).toEqual(claims.map(() => 'CONTINUE'));
    expect(await claimAll()).toEqual([]);
    for (const limit of [0, -1, 65]) await expect(setLimit(limit)).rejects.toThrow('limit: must be between 1 and 64');
    await expect(runner.start({ slots: 64 })).resolves.toBeTruthy();
    await setLimit(64);
    const again = await claimAll();
    expect(again).toHaveLength(10);
    for (const claim of again) await runner.complete(claim);
  });

  it('does not let a runner change its own limit', async () => {
    const runner = await server.registerRunner();
    const sent = server.ask(`mutation { setRunnerSlotLimit(id: "${runner.id}", limit: 64) { id } }`, {}, runner.token);
    await expect(sent).rejects.toThrow('FORBIDDEN');
    const transfer = `mutation { transferDataset(name: "shapes", runnerId: "${runner.id}") { id } }`;
    await expect(server.ask(transfer, {}, runner.token)).rejects.toThrow('FORBIDDEN');
  });

  it('gives out the highest priority first, then the oldest run', async () => {
    const runner = await server.registerRunner({ slots: 8 });
    const [low, first, second] = [
      await server.createRun({ priority: -1 }),
      await server.createRun({ priority: 2 }),
      await server.createRun({ priority: 2 }),
    ];
    const claims = [await runner.claim(), await runner.claim(), await runner.claim()];
    expect(claims.map((claim) => claim?.runId)).toEqual([first, second, low]);
    for (const claim of claims) await runner.complete(claim!);
  });

  it('only gives a runner runs that fit its pool, engine and datasets', async () => {
    const rare = datasetInput({ name: 'rare', fingerprint: 'b'.repeat(64) });
    const fitting = await server.registerRunner({ pool: 'p', engine: 'cpu', datasets: [rare] });
    const others = [
      await server.registerRunner({ pool: 'default', engine: 'cpu', datasets: [rare] }),
      await server.registerRunner({ pool: 'p', engine: 'wasm', datasets: [rare] }),
      await server.registerRunner({ pool: 'p', engine: 'cpu' }),
    ];
    const id = await server.createRun({}, { dataset: 'rare', placement: { pool: 'p', engine: 'cpu' } });
    for (const runner of others) expect(await runner.claim()).toBeNull();
    expect((await fitting.claim())?.runId).toBe(id);
  });
});

describe('a lease', () => {
  const LEASE_SECONDS = 2;
  const short = new TestServer(testDatabase(), { leaseSeconds: LEASE_SECONDS, sweepSeconds: 0.1 });
  beforeAll(() => short.start());
  afterAll(() => short.stop());

  const stateOf = async (id: string) => (await short.run(id)).state;

  /** Renews `kept` until the lease of the run `lost` has expired. */
  async function keepUntilLost(runner: TestRunner, kept: Claimed, lost: string): Promise<void> {
    const keep = async () => {
      expect(await runner.heartbeat(kept)).toEqual(['CONTINUE']);
      expect(await stateOf(lost)).toBe('QUEUED');
    };
    await vi.waitFor(keep, { timeout: 20_000, interval: 100 });
    expect(await stateOf(kept.runId)).toBe('RUNNING');
  }

  it('that is renewed does not expire; one that is not does, and its run is queued again', async () => {
    const runner = await short.registerRunner({ slots: 2 });
    for (let i = 0; i < 2; i++) await short.createRun();
    // The first lease of `kept` expires before that of `lost`.
    const [kept, lost] = [(await runner.claim())!, (await runner.claim())!];
    await keepUntilLost(runner, kept, lost.runId);
    expect(await runner.report(lost, { sequence: 1, step: 3 })).toMatchObject({ directive: 'LEASE_LOST' });
    const again = (await runner.claim())!;
    expect(again).toMatchObject({ runId: lost.runId, fence: 2 });
    expect((await short.run(lost.runId, 'attempts { state message }')).attempts[0]).toEqual({
      state: 'LOST',
      message: 'the lease expired because the runner was silent',
    });
    for (const attempt of [kept, again]) await runner.complete(attempt);
  });

  it('does not expire within one lease after the server started', async () => {
    const runner = await short.registerRunner({ slots: 2 });
    for (let i = 0; i < 2; i++) await short.createRun();
    const [kept, lost] = [(await runner.claim())!, (await runner.claim())!];
    await short.stop();
    await short.database.dataSource.query(`UPDATE attempts SET lease_until = now() - interval '1 minute'`);
    const startedMs = performance.now();
    await short.start();
    await keepUntilLost(runner, kept, lost.runId);
    expect(performance.now() - startedMs).toBeGreaterThan(LEASE_SECONDS * 1000);
    await runner.complete(kept);
  });

  it('lasts for one lease longer if its server has died', async () => {
    const runner = await short.registerRunner({ slots: 2 });
    for (let i = 0; i < 2; i++) await short.createRun();
    const [held, expired] = [(await runner.claim())!, (await runner.claim())!];
    const { dataSource } = short.database;
    const [dead] = await dataSource.query<{ id: string }[]>(
      `INSERT INTO servers (id, seen_at) VALUES (gen_random_uuid(), now() - interval '1 hour') RETURNING id`,
    );
    const expire = (attempt: Claimed, ago: string) =>
      dataSource.query('UPDATE attempts SET server_id = $1, lease_until = now() - $2::interval WHERE id = $3', [
        dead!.id,
        ago,
        attempt.attemptId,
      ]);
    await expire(expired, `${LEASE_SECONDS + 1} s`);
    // It is looked at first, so it decides how long the other one has been held.
    await expire(held, '0 s');
    await vi.waitFor(async () => expect(await stateOf(expired.runId)).toBe('QUEUED'), { timeout: 20_000 });
    expect(await runner.heartbeat(held)).toEqual(['CONTINUE']);
    expect((await short.run(expired.runId, 'attempts { message }')).attempts).toEqual([
      { message: 'the lease expired because the server that the runner used was unavailable' },
    ]);
    await runner.complete(held);
    await runner.complete((await runner.claim())!);
  });

  it('that expires makes a silent runner OFFLINE', async () => {
    const runner = await short.registerRunner();
    const state = async () => (await short.ask(`{ runner(id: "${runner.id}") { state } }`)).runner.state;
    expect(await state()).toBe('ONLINE');
    await short.database.dataSource.query('UPDATE runners SET last_seen_at = now() - make_interval(secs => $1)', [
      LEASE_SECONDS,
    ]);
    expect(await state()).toBe('OFFLINE');
  });
});
