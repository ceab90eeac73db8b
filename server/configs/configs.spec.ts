import { beforeAll, describe, expect, it } from 'vitest';
import { readsOf } from '../testing/queries.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { type Claimed, testServer } from '../testing/test-server.js';

const server = testServer();
const ids: string[] = [];

beforeAll(async () => {
  const fingerprint = 'b'.repeat(64);
  const runner = await server.registerRunner({
    slots: 4,
    datasets: [datasetInput(), datasetInput({ name: 'other', fingerprint })],
  });
  await server.setSlotLimit(runner, 4);
  ids.push(await server.createRun({}, { seed: 1 }));
  ids.push(await server.createRun({}, { dataset: 'other', method: { name: 'supervised' } }));
  const setup = { engine: 'wasm', splitHash: 's', labelledImages: 8, unlabelledImages: 56, parameters: 1000 };
  const claims: Claimed[] = [];
  for (const device of ['cpu', 'gpu']) {
    const attempt = (await runner.claim())!;
    await runner.report(attempt, { sequence: 1, setup: { ...setup, device } });
    claims.push(attempt);
  }
  const other = await server.registerRunner({ name: 'gpu-2', version: '2', commit: 'abcdef0-dirty' });
  await runner.finish(claims[0]!, 'RELEASED');
  await server.ask('mutation ($id: ID!) { drainRunner(id: $id) { id } }', { id: runner.id });
  expect((await other.claim())!.runId).toBe(ids[0]);
  ids.push(await server.createRun({}, { seed: 1, optimiser: { learningRate: 0.5 } }));
});

const ALL = 'runs { id } equalSettings settings { path values } facts { path values }';
const send = (runIds: string[], fields = ALL) =>
  server.send(`query ($ids: [ID!]!) { compareConfigs(runIds: $ids) { ${fields} } }`, { ids: runIds });

describe('compareConfigs', () => {
  it('lists settings and facts in which runs differ, and counts equal settings', async () => {
    const { data } = await send([ids[2]!, ids[0]!, ids[1]!]);
    const { runs, settings, facts, equalSettings } = data.compareConfigs;
    expect(runs.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[0], ids[1]]);
    const values = new Map<string, unknown[]>();
    for (const { path, values: of } of settings) values.set(path, of);
    expect(values.get('dataset')).toEqual(['shapes', 'shapes', 'other']);
    expect(values.get('method.name')).toEqual(['cps', 'cps', 'supervised']);
    expect(values.get('method.on')).toEqual(['both', 'both', null]);
    expect(values.get('seed')).toEqual([1, 1, 0]);
    expect(values.get('optimiser.learningRate')![0]).toBe(0.5);
    expect([...values.keys()]).toEqual([...values.keys()].sort());
    expect(equalSettings).toBeGreaterThan(20);
    expect(facts).toEqual([
      { path: 'dataset.fingerprint', values: ['a'.repeat(64), 'a'.repeat(64), 'b'.repeat(64)] },
      { path: 'splitHash', values: [null, 's', 's'] },
      { path: 'labelledImages', values: [null, 8, 8] },
      { path: 'unlabelledImages', values: [null, 56, 56] },
      { path: 'parameters', values: [null, 1000, 1000] },
      { path: 'engine', values: [null, 'wasm', 'wasm'] },
      { path: 'device', values: [null, 'cpu', 'gpu'] },
      // Those of the attempt that continued the run, not of its first.
      { path: 'version', values: [null, '2', '1'] },
      { path: 'commit', values: [null, 'abcdef0-dirty', null] },
    ]);
  });

  it('takes as many statements for many runs as for two', async () => {
    const [two, three] = [await readsOf(() => send(ids.slice(0, 2))), await readsOf(() => send(ids))];
    expect(two.length).toBeGreaterThan(0);
    expect(three).toHaveLength(two.length);
  });

  it.each([
    [[], 'runIds: must have 2 to 50 different entries; got 0'],
    [[0, 0], 'runIds: must have 2 to 50 different entries; got 1'],
    [new Array<number>(51).fill(0), 'runIds: must have 2 to 50 different entries; got 51'],
  ])('refuses %j', async (indices, message) => {
    const { errors } = await send(indices.map((index) => ids[index]!));
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('refuses a run that does not exist', async () => {
    const { errors } = await send([ids[0]!, 'nobody']);
    expect(errors![0]).toMatchObject({
      message: 'there is no run "nobody"',
      extensions: { code: 'NOT_FOUND' },
    });
  });
});

it('are stored uncompressed, which filters by a setting need', async () => {
  const id = await server.createRun({}, { method: { name: 'gct' }, augmentation: { crop: [64, 64] } });
  const notes = 'what to look at: '.repeat(60);
  await server.ask(`mutation ($input: UpdateRunInput!) { updateRun(id: "${id}", input: $input) { id } }`, {
    input: { notes },
  });
  const [row] = await server.database.dataSource.query(
    'SELECT pg_column_size(runs.*) AS size, pg_column_compression(config) AS compression FROM runs WHERE id = $1',
    [id],
  );
  expect(row.size).toBeGreaterThan(2500);
  expect(row.compression).toBeNull();
});
