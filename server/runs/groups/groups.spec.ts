import { beforeAll, describe, expect, it } from 'vitest';
import { datasetInput, insertRun } from '../../testing/results-fixtures.js';
import { testServer } from '../../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;

/** By the name of the run. */
const RUNS: Record<string, { method: string; tags?: string[]; width?: number; state?: string; loss: number | null }> = {
  a: { method: 'cps', loss: 1, state: 'COMPLETED' },
  b: { method: 'cps', loss: 2, tags: ['y', 'x'] },
  c: { method: 'cps', loss: Number.NaN, tags: ['x', 'y'], width: 0.5 },
  d: { method: 'supervised', loss: Number.POSITIVE_INFINITY, width: 0.5, state: 'FAILED' },
  e: { method: 'supervised', loss: null, tags: ['x'] },
  f: { method: 'gct', loss: 4 },
  g: { method: 'gct', loss: 4 },
};

const GROUPS = `query ($by: [String!]!, $values: [String!]!, $best: BestValue!, $where: RunWhere, $query: String, $sort: String,
    $first: Int!, $after: String) {
  runGroups(by: $by, values: $values, best: $best, where: $where, query: $query, sort: $sort, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { key count states { queued completed failed total } values { n mean std minimum maximum diverged } best { name } } }
  } }`;
const DEFAULTS = { values: [], best: 'HIGHEST', first: 100 };

async function groups(variables: object) {
  const { runGroups } = await server.ask(GROUPS, { ...DEFAULTS, ...variables });
  const nodes = runGroups.edges.map(({ node }: { node: object }) => node);
  if (!('after' in variables) && !('first' in variables)) expect(runGroups.totalCount).toBe(nodes.length);
  return nodes as {
    key: unknown[];
    count: number;
    states: object;
    values: { n: number; mean: number | null }[];
    best: { name: string } | null;
  }[];
}
const countsOf = async (variables: object) => (await groups(variables)).map(({ key, count }) => [...key, count]);

beforeAll(async () => {
  await server.registerRunner({ datasets: [datasetInput()] });
  const [dataset] = await dataSource.query<{ id: string; name: string }[]>('SELECT * FROM datasets');
  for (const [name, { method, tags = [], width, state = 'QUEUED', loss }] of Object.entries(RUNS)) {
    const { id } = await insertRun(dataSource, dataset as never, { name, method, tags, state: state as never });
    if (width)
      await dataSource.query(`UPDATE runs SET config = jsonb_set(config, '{network,width}', $2) WHERE id = $1`, [
        id,
        JSON.stringify(width),
      ]);
    if (loss === null) continue;
    await dataSource.query(`INSERT INTO series (run_id, name, low) VALUES ($1, 'loss', $2)`, [id, loss]);
  }
});

describe('groups of runs', () => {
  it('have the statistics of their runs, and the best one', async () => {
    expect(await groups({ by: ['method'], values: ['min(loss)', 'step'] })).toEqual([
      {
        ...{ key: ['cps'], count: 3, states: { queued: 2, completed: 1, failed: 0, total: 3 }, best: { name: 'b' } },
        values: [
          { n: 2, mean: 1.5, std: Math.SQRT1_2, minimum: 1, maximum: 2, diverged: 1 },
          { n: 3, mean: 0, std: 0, minimum: 0, maximum: 0, diverged: 0 },
        ],
      },
      expect.objectContaining({
        key: ['gct'],
        values: [expect.objectContaining({ n: 2, mean: 4, std: 0 }), expect.objectContaining({ n: 2 })],
      }),
      {
        ...{ key: ['supervised'], count: 2, states: { queued: 1, completed: 0, failed: 1, total: 2 }, best: null },
        values: [
          { n: 0, mean: null, std: null, minimum: null, maximum: null, diverged: 1 },
          { n: 2, mean: 0, std: 0, minimum: 0, maximum: 0, diverged: 0 },
        ],
      },
    ]);
    const lowest = await groups({ by: ['method'], values: ['min(loss)'], best: 'LOWEST' });
    expect(lowest.map(({ best }) => best?.name)).toEqual(['a', 'f', undefined]);
  });

  it('are made by fields of every kind, even those that a run lacks', async () => {
    expect(await countsOf({ by: ['tag'] })).toEqual([
      [['x'], 1],
      [['x', 'y'], 2],
      [null, 4],
    ]);
    expect(await countsOf({ by: ['network.width', 'state'] })).toEqual([
      [0.25, 'COMPLETED', 1],
      [0.25, 'QUEUED', 4],
      [0.5, 'FAILED', 1],
      [0.5, 'QUEUED', 1],
    ]);
    expect(await countsOf({ by: ['min("loss")'] })).toEqual([
      [1, 1],
      [2, 1],
      [4, 2],
      ['Infinity', 1],
      ['NaN', 1],
      [null, 1],
    ]);
    expect(await countsOf({ by: ['alarm', 'augmentation.crop', 'started'] })).toEqual(
      [[false, null, null, 7]].map(([alarm, , started, count]) => [alarm, expect.any(Array), started, count]),
    );
  });

  it('of the runs that meet a condition', async () => {
    const where = { field: { path: 'method' }, op: 'IN', value: ['cps', 'gct'] };
    expect(await countsOf({ by: ['method'], where, query: 'not state = completed' })).toEqual([
      ['cps', 2],
      ['gct', 2],
    ]);
    expect(await countsOf({ by: ['method'], query: 'name = nothing' })).toEqual([]);
  });

  it.each<[string, unknown[]]>([
    ['method desc', ['supervised', 'gct', 'cps']],
    ['count desc', ['cps', 'gct', 'supervised']],
    ['count, method desc', ['supervised', 'gct', 'cps']],
    ['min(loss) desc', ['gct', 'cps', 'supervised']],
    ['MIN(loss)', ['cps', 'gct', 'supervised']],
  ])('are sorted by %s, page by page', async (sort, expected) => {
    const found: unknown[] = [];
    let after: string | null = null;
    do {
      const { runGroups } = await server.ask(GROUPS, {
        ...{ ...DEFAULTS, by: ['method'], values: ['min(loss)'], sort, first: 1, after },
      });
      expect(runGroups.totalCount).toBe(3);
      found.push(runGroups.edges[0].node.key[0]);
      after = runGroups.pageInfo.hasNextPage ? runGroups.pageInfo.endCursor : null;
    } while (after);
    expect(found).toEqual(expected);
  });

  it('with NaN and null at the end, in either direction', async () => {
    for (const sort of ['min(loss)', 'min(loss) desc']) {
      const keys = (await groups({ by: ['min(loss)'], sort })).map(({ key }) => key[0]);
      expect(keys.slice(-2)).toEqual(['NaN', null]);
      const seen: unknown[] = [];
      let after: string | null = null;
      do {
        const { runGroups } = await server.ask(GROUPS, { ...DEFAULTS, by: ['min(loss)'], sort, first: 2, after });
        seen.push(...runGroups.edges.map(({ node }: { node: { key: unknown[] } }) => node.key[0]));
        after = runGroups.pageInfo.hasNextPage ? runGroups.pageInfo.endCursor : null;
      } while (after);
      expect(seen).toEqual(keys);
    }
  });

  it.each<[object, string]>([
    [{ by: [] }, 'by: must have 1 to 10 entries; got 0'],
    [{ by: ['method', 'metod'] }, 'by[1]: character 1: "metod" is unknown; did you mean "method"?'],
    [{ by: ['method'], values: ['state'] }, 'values[0]: statistics need numbers; state is not one'],
    [
      { by: ['method'], values: ['augmentation.crop'] },
      'values[0]: statistics need numbers; config.augmentation.crop is not one',
    ],
    [
      { by: ['method'], values: ['min(los)'] },
      'values[0]: character 1: no run has a series "los"; did you mean "loss"?',
    ],
    [
      { by: ['method'], sort: 'count, miou' },
      'sort: character 8: groups have no miou; they can be sorted by method, count',
    ],
    [{ by: ['method'], query: 'stat = x' }, 'query: character 1: "stat" is unknown; did you mean "state"?'],
    [{ by: ['method'], first: 0 }, 'first must be between 1 and 100; got 0. Use "after" to get more pages.'],
  ])('%j are refused', async (variables, message) => {
    const { errors } = await server.send(GROUPS, { ...DEFAULTS, ...variables });
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('have cursors of their own', async () => {
    const page = (variables: object) => server.send(GROUPS, { ...DEFAULTS, first: 1, ...variables });
    const { data } = await page({ by: ['method'] });
    const after = data.runGroups.pageInfo.endCursor;
    const forged = (key: unknown) => {
      const [order, , id] = JSON.parse(Buffer.from(after, 'base64url').toString());
      return Buffer.from(JSON.stringify([order, JSON.stringify(key), id])).toString('base64url');
    };
    for (const variables of [
      { by: ['state'], after },
      { by: ['method'], sort: 'method desc', after },
      { by: ['method'], after: forged([null]) },
      { by: ['method'], after: forged(['a', 'b']) },
      { by: ['method'], after: forged([1]) },
    ]) {
      const { errors } = await page(variables);
      expect(errors![0]!.message, JSON.stringify(variables)).toContain('is not a cursor of this list in this order');
    }
    expect((await page({ by: ['method'], after })).errors).toBeUndefined();
  });
});
