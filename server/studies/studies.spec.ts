import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../schema/run-config.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const CREATE = `mutation ($input: CreateStudyInput!) { createStudy(input: $input) {
  id name runCounts { queued running total } runs(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
    totalCount edges { node { id name seed labelledRatio method config tags study { name } } } } } }`;
const METHODS = [{ name: 'supervised' }, { name: 'cps', weight: 2 }];
const base = { dataset: 'shapes', split: { labelledRatio: 0.5 } };

/** A base configuration for a matrix that has splits. */
const splitless = { dataset: 'shapes' };

const create = (input: object) => server.send(CREATE, { input: { name: 'a study', base, ...input } });
const counts = async () => {
  const { runs, studies } = await server.ask('{ runs { totalCount } studies { totalCount } }');
  return [studies.totalCount, runs.totalCount];
};

beforeAll(() => server.registerRunner());

describe('a study', () => {
  it('queues every combination, varying methods fastest', async () => {
    const matrix = { methods: METHODS, labelledRatios: [0.125, 0.25], seeds: [1, 2] };
    const { data } = await create({ matrix, base: { ...splitless, split: { seed: 3 } }, tags: ['t'] });
    const runs = data.createStudy.runs.edges.map(({ node }: { node: { config: RunConfig } }) => node);
    expect(runs).toHaveLength(8);
    expect(data.createStudy.runCounts).toEqual({ queued: 8, running: 0, total: 8 });
    expect(runs[0]).toMatchObject({ method: 'supervised', labelledRatio: 0.125, seed: 1, tags: ['t'] });
    expect(runs[1]).toMatchObject({ method: 'cps', labelledRatio: 0.125, seed: 1, study: { name: 'a study' } });
    expect(runs[7]).toMatchObject({ method: 'cps', labelledRatio: 0.25, seed: 2 });
    for (const { config } of runs) expect(config.split.seed).toBe(3);
  });

  it.each([
    [{ matrix: { methods: METHODS, seed: [1] } }, 'matrix'],
    [{ matrix: { methods: [] } }, 'matrix.methods'],
    [{ matrix: { methods: METHODS, labelledRatios: [2] } }, 'matrix.labelledRatios.0'],
    [{ matrix: { methods: METHODS }, base: { dataset: 'shapes' } }, 'split: needs exactly one of labelledRatio'],
    [{ matrix: { methods: METHODS, splits: [{ labelledImages: 0 }] } }, 'matrix.splits.0.labelledImages'],
    [{ matrix: { methods: METHODS, splits: [{ labelledImages: 1 }], labelledRatios: [1] } }, 'matrix.splits'],
    [{ matrix: { methods: METHODS }, base: { ...base, split: 'x' } }, 'split: needs exactly one of labelledRatio'],
    [{ matrix: { methods: METHODS, splits: [{ labelledImages: 1 }] } }, 'base.split.labelledRatio: unknown key'],
    [{ matrix: { methods: METHODS }, base: { ...base, method: { name: 'cps' } } }, 'base.method'],
    [{ matrix: { methods: METHODS }, base: { ...base, training: { iterations: -1 } } }, 'training.iterations'],
    [{ matrix: { methods: METHODS }, base: { ...base, dataset: 'moon' } }, 'dataset'],
    [{ matrix: { methods: METHODS }, name: ' ' }, 'name'],
    [
      { matrix: { methods: METHODS, labelledRatios: [0.5, 1] }, base: splitless },
      'split.labelledRatio: must be less than 1',
    ],
  ])('with a mistake queues nothing, and the error names the field: %j', async (input, field) => {
    const before = await counts();
    const { errors } = await create(input);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toContain(field);
    expect(await counts()).toEqual(before);
  });

  it('queues splits of every kind, with names that tell them apart', async () => {
    const lists = { labelledList: 'lists/labeled_1-16.txt', unlabelledList: 'lists/rest.txt' };
    const splits = [{ labelledImages: 22, seed: 1 }, lists];
    const { data } = await create({ matrix: { methods: [{ name: 'cps' }], splits }, base: splitless });
    const query = `query ($id: ID!) { study(id: $id) { table { rows { splitLabel unlabelledList } }
      runs(first: 9) { edges { node { name splitLabel unlabelledList labelledRatio labelledImages splitHash } } } } }`;
    const { study } = await server.ask(query, { id: data.createStudy.id });
    const unknown = { labelledRatio: null, splitHash: null };
    const drawn = { splitLabel: '22 images', unlabelledList: null };
    const listed = { splitLabel: 'list labeled_1-16 (unlabelled: rest)', unlabelledList: 'lists/rest.txt' };
    expect(study.runs.edges.map(({ node }: { node: unknown }) => node)).toEqual([
      { ...unknown, ...listed, name: `CPS, ${listed.splitLabel}, seed 0`, labelledImages: null },
      { ...unknown, ...drawn, name: 'CPS, 22 images, seed 0', labelledImages: 22 },
    ]);
    expect(study.table.rows).toEqual([drawn, listed]);
  });

  it('is limited to 500 runs', async () => {
    const seeds = Array.from({ length: 100 }, (_, i) => i);
    const matrix = { methods: METHODS, seeds, labelledRatios: [0.1, 0.2, 0.3] };
    const { errors } = await create({ matrix, base: splitless });
    expect(errors![0]!.message).toContain('makes 600 runs; a study may have at most 500');
  });

  it('is deleted with its runs, unless one is being trained', async () => {
    const { data } = await create({ name: 'short', matrix: { methods: METHODS } });
    const { id, runs } = data.createStudy;
    const remove = () => server.ask('mutation ($id: ID!) { deleteStudy(id: $id) }', { id });
    const runId = runs.edges[0].node.id;
    await server.database.dataSource.query(`UPDATE runs SET state = 'RUNNING' WHERE id = $1`, [runId]);
    const { number } = await server.run(runId, 'number');
    await expect(remove()).rejects.toThrow(
      `CONFLICT: run ${number} is RUNNING: before they are deleted, runs in progress must be canceled, and their runners must have stopped`,
    );
    expect((await server.run(runId, 'study { id }')).study.id).toBe(id);
    await server.database.dataSource.query(`UPDATE runs SET state = 'COMPLETED' WHERE id = $1`, [runId]);
    expect(await remove()).toEqual({ deleteStudy: id });
    expect(await server.run(runId)).toBeNull();
  });

  it('is listed newest first, page by page', async () => {
    await create({ name: 'newest', matrix: { methods: METHODS } });
    const page =
      'query ($after: String) { studies(first: 1, after: $after) { pageInfo { hasNextPage endCursor } edges { node { name } } } }';
    const { studies } = await server.ask(page);
    expect(studies.edges[0].node.name).toBe('newest');
    expect(studies.pageInfo.hasNextPage).toBe(true);
    const second = await server.ask(page, { after: studies.pageInfo.endCursor });
    expect(second.studies.edges[0].node.name).toBe('a study');
  });

  it('is found by the fields of its runs, which are also filtered and sorted', async () => {
    await create({ name: 'with seeds', matrix: { methods: [{ name: 'gct' }], seeds: [3, 1, 2] } });
    await create({ name: 'with another seed', matrix: { methods: [{ name: 'gct' }], seeds: [9] } });
    const page = `query ($query: String, $where: RunWhere, $runs: String, $sort: String) {
      studies(query: $query, where: $where) { totalCount edges { node { name
        runs(query: $runs, sort: $sort, first: 2) { totalCount pageInfo { hasNextPage } edges { node { seed } } } } } } }`;
    const { studies } = await server.ask(page, {
      ...{ query: 'method = gct', runs: 'seed > 1', sort: 'seed desc' },
      where: { field: { path: 'study' }, op: 'STARTS_WITH', value: 'with ' },
    });
    const runs = (totalCount: number, hasNextPage: boolean, ...seeds: number[]) => ({
      ...{ totalCount, pageInfo: { hasNextPage } },
      edges: seeds.map((seed) => ({ node: { seed } })),
    });
    expect(studies).toEqual({
      totalCount: 2,
      edges: [
        { node: { name: 'with another seed', runs: runs(1, false, 9) } },
        { node: { name: 'with seeds', runs: runs(2, false, 3, 2) } },
      ],
    });
    const all = await server.ask(page, { query: 'seed = 3', sort: 'seed' });
    expect(all.studies.edges).toEqual([{ node: { name: 'with seeds', runs: runs(3, true, 1, 2) } }]);
    const { errors } = await server.send(page, { query: 'sed = 3' });
    expect(errors![0]!.message).toBe('query: character 1: "sed" is unknown; did you mean "seed"?');
  });
});
