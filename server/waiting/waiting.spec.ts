import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { queriesOf } from '../testing/queries.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const QUERY = `waiting { reason { code parameters message } ahead
  estimate { startsAt slots freeSlots meanSeconds attempts }
  runners { runner { name } reason { code parameters message } } }`;
const waiting = async (id: string) => (await server.run(id, QUERY)).waiting;
const reasonOf = async (id: string) => (await waiting(id)).reason;
const of = async (id: string, name: string) => {
  const { runners } = await waiting(id);
  return runners.find(({ runner }: { runner: { name: string } }) => runner.name === name).reason;
};
const sql = (text: string, values: unknown[] = []) => server.database.dataSource.query(text, values);
const mutate = (operation: string, runner: TestRunner) =>
  server.ask(`mutation ($id: ID!) { ${operation}(id: $id) { id } }`, { id: runner.id }, USER_TOKEN);

let one: TestRunner;
beforeAll(async () => {
  one = await server.registerRunner({ name: 'one', configVersion: 2 });
});
beforeEach(async () => {
  await emptyTables(server.database.dataSource, 'runs', 'attempts');
  await sql('DELETE FROM runners WHERE id <> $1', [one.id]);
  await sql('UPDATE runners SET paused = false, draining = false, problem = NULL, last_seen_at = now(), slots = 1');
});

describe('a queued run says why no runner claims it', () => {
  it('unless it waits for its turn, or does not wait', async () => {
    const [first, second] = [await server.createRun(), await server.createRun()];
    expect(await waiting(first)).toMatchObject({ reason: null, ahead: 0, runners: [{ reason: null }] });
    await one.claim();
    expect(await waiting(first)).toBeNull();
    expect(await waiting(second)).toMatchObject({
      ...{ reason: null, ahead: 0 },
      runners: [{ reason: { code: 'SLOTS', message: 'its slot is taken', parameters: { slots: 1, active: 1 } } }],
    });
  });

  it.each<[Record<string, unknown>, object, string]>([
    [{ placement: { pool: 'big' } }, { code: 'POOL', parameters: { pool: 'big' } }, 'there is no runner in pool "big"'],
    [
      { placement: { engine: 'webgpu' } },
      { code: 'ENGINE', parameters: { pool: 'default', engine: 'webgpu' } },
      'no runner in pool "default" has the engine webgpu',
    ],
    [
      { dataset: 'rare' },
      { code: 'DATASET', parameters: { dataset: 'rare' } },
      'no runner that fits holds the dataset "rare"',
    ],
  ])('%j', async (config, expected, message) => {
    const rare = await server.registerRunner({ name: 'rare', datasets: [datasetInput({ name: 'rare' })] });
    const id = await server.createRun({}, config);
    await sql('DELETE FROM runners WHERE id = $1', [rare.id]);
    expect(await reasonOf(id)).toEqual({ ...expected, message });
    expect((await server.run(id, 'waitsFor')).waitsFor).toBe(message);
  });

  it('when all that fit are unavailable', async () => {
    const id = await server.createRun();
    await mutate('pauseRunner', one);
    expect(await reasonOf(id)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'no runner that fits claims runs at the moment: one (paused)',
    });
    await mutate('resumeRunner', one);
    expect(await reasonOf(id)).toBeNull();
  });
});

describe('each runner has the first reason that excludes it', () => {
  it('from its pool to its slots', async () => {
    const id = await server.createRun({}, { network: { stem: '7x7' } });
    await server.registerRunner({ name: 'elsewhere', pool: 'big' });
    await server.registerRunner({ name: 'empty', configVersion: 2, datasets: [] });
    await server.registerRunner({ name: 'old', configVersion: 1, version: '0.1.0' });
    const code = async (name: string) => (await of(id, name))?.code ?? null;
    expect(await of(id, 'elsewhere')).toEqual({
      code: 'POOL',
      message: 'it is in pool "big", and the run needs "default"',
      parameters: { pool: 'default', runnerPool: 'big' },
    });
    expect(await of(id, 'empty')).toMatchObject({ code: 'DATASET', parameters: { dataset: 'shapes' } });
    expect(await of(id, 'old')).toEqual({
      code: 'CONFIG_VERSION',
      message: 'it has configuration version 1 (crosscheck 0.1.0) and does not know network.stem; upgrade it',
      parameters: { needed: 2, has: 1, version: '0.1.0', settings: ['network.stem'] },
    });
    expect(await code('one')).toBeNull();
    await sql(`UPDATE runners SET problem = 'its disk is full' WHERE name = 'one'`);
    expect(await of(id, 'one')).toMatchObject({ code: 'PROBLEM', message: 'it claims no runs: its disk is full' });
    await mutate('pauseRunner', one);
    expect(await code('one')).toBe('PAUSED');
    await mutate('drainRunner', one);
    expect(await code('one')).toBe('DRAINING');
    await sql(`UPDATE runners SET last_seen_at = now() - interval '1 hour' WHERE name = 'one'`);
    expect(await code('one')).toBe('OFFLINE');
    const { runners } = await waiting(id);
    const codes = runners.map(({ reason }: { reason: { code: string } }) => reason.code);
    expect(codes).toEqual(['OFFLINE', 'CONFIG_VERSION', 'DATASET', 'POOL']);
  });
});

describe('a run that waits for its turn', () => {
  it('counts the runs before it that the same runners may claim', async () => {
    const both = await server.registerRunner({ name: 'both', engine: 'webgpu', datasets: [datasetInput()] });
    const later = await server.createRun({ priority: -1 });
    await server.createRun();
    await server.createRun({}, { placement: { engine: 'webgpu' } });
    const urgent = await server.createRun({ priority: 1 }, { placement: { engine: 'webgpu' } });
    await server.createRun({}, { placement: { pool: 'elsewhere' } });
    const ahead = async (id: string) => (await waiting(id)).ahead;
    expect([await ahead(later), await ahead(urgent)]).toEqual([3, 0]);
    await sql('DELETE FROM runners WHERE id = $1', [both.id]);
    expect(await ahead(later)).toBe(1);
  });

  it('may start when those before it are done, as long as earlier attempts took', async () => {
    const id = await server.createRun();
    expect((await waiting(id)).estimate).toBeNull();
    const done = (await one.claim())!;
    await one.complete(done);
    await sql(`UPDATE attempts SET started_at = now() - interval '10 minutes', finished_at = now() WHERE id = $1`, [
      done.attemptId,
    ]);
    const [first, second, third] = [await server.createRun(), await server.createRun(), await server.createRun()];
    const startsIn = async (run: string) => (Date.parse((await waiting(run)).estimate.startsAt) - Date.now()) / 60_000;
    expect((await waiting(first)).estimate).toMatchObject({ slots: 1, freeSlots: 1, meanSeconds: 600, attempts: 1 });
    expect(await startsIn(first)).toBeCloseTo(0, 0);
    expect(await startsIn(third)).toBeCloseTo(20, 0);
    expect((await one.claim())!.runId).toBe(first);
    expect(await startsIn(second)).toBeCloseTo(10, 0);
    await sql('UPDATE runners SET slots = 2');
    expect(await startsIn(third)).toBeCloseTo(5, 0);
  });

  it('costs the same number of statements, however many runs wait', async () => {
    const list = () => server.ask(`{ runs(first: 100) { edges { node { number waitsFor ${QUERY} } } } }`);
    await server.createRun();
    // Other statements, such as those of the sweeper, may come at any time.
    const statements = async () =>
      (await queriesOf(list)).filter((query) =>
        /runPage|"run"|runners|heldPairs|runsAhead|activeCounts|throughput/.test(query),
      );
    const single = await statements();
    expect(single.filter((query) => /runsAhead|activeCounts|throughput/.test(query))).toHaveLength(3);
    for (let i = 0; i < 5; i++) await server.createRun({}, { placement: { pool: `pool ${i}` } });
    expect(await statements()).toHaveLength(single.length);
  });
});

describe('a planned study', () => {
  const plan = (input: object) =>
    server.send(
      `query ($input: CreateStudyInput!) { planStudy(input: $input) {
         runs names waiting { runs reason { code message } } } }`,
      { input: { name: 's', base: { dataset: 'shapes', split: { labelledRatio: 0.5 } }, ...input } },
      USER_TOKEN,
    );
  const methods = [{ name: 'supervised' }, { name: 'cps' }];

  it('says what would be queued, and queues nothing', async () => {
    const { data } = await plan({ matrix: { methods, seeds: [1, 2] } });
    expect(data.planStudy).toMatchObject({ runs: 4, waiting: [] });
    expect(data.planStudy.names[0]).toBe('Supervised, 1/2, seed 1');
    expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(0);
  });

  it('warns of runs that no runner could claim, and refuses what createStudy refuses', async () => {
    const base = { dataset: 'shapes', split: { labelledRatio: 0.5 }, placement: { pool: 'nobody' } };
    const { data } = await plan({ base, matrix: { methods } });
    expect(data.planStudy.waiting).toEqual([
      { runs: 2, reason: { code: 'POOL', message: 'there is no runner in pool "nobody"' } },
    ]);
    const { errors } = await plan({ matrix: { methods: [] } });
    expect(errors![0]!.message).toContain('matrix.methods');
  });
});
