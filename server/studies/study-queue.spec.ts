import { beforeAll, describe, expect, it } from 'vitest';
import { POOL_SIZE } from '../database/data-source.js';
import { type TestRunner, testServer } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
const base = { dataset: 'shapes', split: { labelledRatio: 0.5 } };
const METHODS = [{ name: 'supervised' }, { name: 'cps', weight: 2 }];

const create = async (input: object) => {
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id base matrix } }',
    { input: { name: 'a study', base, ...input } },
  );
  return createStudy;
};
const FIELDS = 'dryRun count missing created { name seed tags } retried { number state }';
const queue = async (studyId: string, more = '') =>
  (
    await server.ask(`mutation ($studyId: ID!) { queueMissingRuns(studyId: $studyId${more}) { ${FIELDS} } }`, {
      studyId,
    })
  ).queueMissingRuns;
const extend = async (id: string, matrix: object, dryRun = false) =>
  (
    await server.ask(
      `mutation ($id: ID!, $matrix: JSONObject!, $dryRun: Boolean!) {
         extendStudy(id: $id, matrix: $matrix, dryRun: $dryRun) { ${FIELDS} } }`,
      { id, matrix, dryRun },
    )
  ).extendStudy;
const states = async (id: string) => {
  const { study } = await server.ask(
    `query ($id: ID!) { study(id: $id) { matrix
       runs(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { edges { node { id name state } } } } }`,
    { id },
  );
  return study.runs.edges.map(({ node }: { node: object }) => node) as { id: string; name: string; state: string }[];
};

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 8 });
});

describe('a study', () => {
  it('keeps its base, completed, and its matrix', async () => {
    const { base: kept, matrix } = await create({ matrix: { methods: METHODS, seeds: [1, 2] } });
    expect(matrix).toEqual({
      methods: [{ name: 'supervised' }, expect.objectContaining({ weight: 2, on: 'both' })],
      seeds: [1, 2],
    });
    expect(kept).toMatchObject({
      dataset: 'shapes',
      training: { iterations: 1000 },
      split: { labelledRatio: 0.5, seed: 0 },
    });
    expect(kept).not.toHaveProperty('method');
  });

  it('of an earlier version has none, and cannot be extended', async () => {
    const { id } = await create({ matrix: { methods: METHODS } });
    await server.database.dataSource.query('UPDATE studies SET base = NULL, matrix = NULL WHERE id = $1', [id]);
    const { study } = await server.ask('query ($id: ID!) { study(id: $id) { base matrix } }', { id });
    expect(study).toEqual({ base: null, matrix: null });
    await expect(extend(id, { seeds: [1] })).rejects.toThrow('CONFLICT: study "a study" has no stored matrix');
    expect(await queue(id)).toMatchObject({ count: 0, missing: [] });
  });
});

describe('what a study lacks', () => {
  it('is queued only once, however often it is requested', async () => {
    const { id } = await create({ matrix: { methods: METHODS, seeds: [1, 2] }, tags: ['t'], priority: 5 });
    const [first, second, third] = await states(id);
    const [one, two] = [(await runner.claim())!, (await runner.claim())!];
    expect([one.runId, two.runId]).toEqual([first!.id, second!.id]);
    await runner.finish(one, 'FAILED', 'out of memory');
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { state } }', { id: third!.id });
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { state } }', { id: second!.id });
    await runner.finish(two, 'CANCELED');
    await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: third!.id });
    // Supervised and CPS with seed 1 failed and were canceled, supervised with seed 2 is gone, CPS with seed 2 waits.

    const dry = await queue(id, ', dryRun: true');
    expect(dry).toMatchObject({ dryRun: true, count: 2, missing: ['Supervised, 1/2, seed 2'], created: [] });
    expect(dry.retried).toEqual([expect.objectContaining({ state: 'FAILED' })]);
    expect((await states(id)).map(({ state }) => state)).toEqual(['FAILED', 'CANCELED', 'QUEUED']);

    const [done, again] = await Promise.all([queue(id), queue(id)]);
    expect([done.count, again.count].sort()).toEqual([0, 2]);
    const queued = done.count === 2 ? done : again;
    expect(queued.created).toEqual([{ name: 'Supervised, 1/2, seed 2', seed: 2, tags: ['t'] }]);
    expect(queued.retried).toEqual([expect.objectContaining({ state: 'QUEUED' })]);
    expect((await states(id)).map(({ state }) => state)).toEqual(['QUEUED', 'CANCELED', 'QUEUED', 'QUEUED']);

    expect(await queue(id, ', canceled: true')).toMatchObject({ count: 1, missing: [] });
    expect(await queue(id, ', canceled: true')).toMatchObject({ count: 0 });
  });

  it('is queued, or a study is extended, in more requests at a time than there are connections', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 2 * POOL_SIZE; i++) ids.push((await create({ matrix: { methods: METHODS } })).id);
    await server.database.dataSource.query('DELETE FROM runs WHERE study_id = ANY ($1)', [ids]);
    const queued = ids.map(async (id) => (await queue(id)).created.length);
    const extended = ids.map(async (id) => (await extend(id, { seeds: [7] })).created.length);
    expect(await Promise.all([...queued, ...extended])).toEqual([...ids, ...ids].map(() => 2));
    const runs = await Promise.all(ids.map(states));
    expect(runs.map(({ length }) => length)).toEqual(ids.map(() => 4));
  });

  it('of a study that does not exist is refused', async () => {
    await expect(queue('00000000-0000-4000-8000-000000000000')).rejects.toThrow('NOT_FOUND');
    await expect(queue('no id')).rejects.toThrow('NOT_FOUND');
  });
});

describe('an extension', () => {
  it('queues only what the matrix has in addition, and the matrix stays right', async () => {
    const { id } = await create({ matrix: { methods: METHODS, seeds: [1] } });
    expect(await extend(id, { seeds: [1, 2] }, true)).toMatchObject({ dryRun: true, count: 2, created: [] });
    expect(await states(id)).toHaveLength(2);
    expect(await extend(id, { seeds: [1, 2] })).toMatchObject({
      missing: ['Supervised, 1/2, seed 2', 'CPS, 1/2, seed 2'],
      created: [{ seed: 2 }, { seed: 2 }],
    });
    expect(await extend(id, { seeds: [1, 2] })).toMatchObject({ count: 0 });
    const { study } = await server.ask('query ($id: ID!) { study(id: $id) { matrix } }', { id });
    expect(study.matrix.seeds).toEqual([1, 2]);
    expect(await queue(id)).toMatchObject({ count: 0 });
  });

  it('uses the defaults of the time when the study was created', async () => {
    const { id } = await create({ matrix: { methods: METHODS } });
    // As if the default had been different then.
    await server.database.dataSource.query(
      `UPDATE studies SET base = jsonb_set(base, '{training,iterations}', '777') WHERE id = $1`,
      [id],
    );
    await extend(id, { seeds: [5] });
    const iterations = await server.database.dataSource.query(
      'SELECT iterations FROM runs WHERE study_id = $1 AND seed = 5',
      [id],
    );
    expect(iterations).toEqual([{ iterations: 777 }, { iterations: 777 }]);
  });

  it.each<[object, string]>([
    [{ methods: [{ name: 'csp' }] }, 'matrix.methods.0'],
    [{ seeds: [-1] }, 'matrix.seeds.0'],
    [
      { seeds: Array.from({ length: 100 }, (_, i) => i), labelledRatios: [0.1, 0.2, 0.3] },
      'a study may have at most 500',
    ],
    [{ labelledRatios: [1] }, 'must be less than 1'],
  ])('with a mistake queues nothing: %j', async (matrix, message) => {
    const { id } = await create({ matrix: { methods: METHODS } });
    await expect(extend(id, matrix)).rejects.toThrow(message);
    expect(await states(id)).toHaveLength(2);
  });
});
