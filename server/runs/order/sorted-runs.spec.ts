import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_CHARACTERS } from '../../../schema/report-limits.js';
import { datasetInput } from '../../testing/results-fixtures.js';
import { testServer } from '../../testing/test-server.js';

const server = testServer();

const PAGE = `query ($sort: String, $sortBy: [RunSortKey!], $orderBy: RunOrder, $fields: [String!]!, $after: String) {
  runs(sort: $sort, sortBy: $sortBy, orderBy: $orderBy, first: 2, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { name values(fields: $fields) } } } }`;

async function names(variables: object): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { runs } = await server.ask(PAGE, { fields: ['name'], ...variables, after });
    expect(runs.totalCount).toBe(3);
    found.push(...runs.edges.map(({ node }: { node: { name: string } }) => node.name));
    after = runs.pageInfo.hasNextPage ? runs.pageInfo.endCursor : null;
  } while (after);
  return found;
}
const errorOf = async (variables: object) => (await server.send(PAGE, { fields: ['name'], ...variables })).errors![0]!;

beforeAll(async () => {
  const runner = await server.registerRunner({ slots: 4, datasets: [datasetInput()] });
  await server.createRun({ name: 'a', tags: ['y', 'x'] }, { seed: 2, network: { width: 0.5 } });
  await server.createRun({ name: 'b' }, { seed: 1 });
  const attempt = (await runner.claim())!;
  await server.createRun({ name: 'c' }, { seed: 2 });
  await runner.report(attempt, {
    ...{ sequence: 1, step: 3 },
    points: [{ series: 'loss', steps: [1, 2, 3], values: [3, 1, 'NaN'] }],
    evaluations: [{ step: 3, network: 'BRANCH1', subset: 'VAL', confusion: [4, 4, 0, 0, 8, 0, 0, 0, 0] }],
  });
});

describe('a list of runs', () => {
  it.each<[object, string[]]>([
    [{}, ['c', 'b', 'a']],
    [{ sort: ' ' }, ['c', 'b', 'a']],
    [{ sort: 'number' }, ['a', 'b', 'c']],
    [{ sort: 'seed desc, name desc' }, ['c', 'a', 'b']],
    [{ sort: 'network.width, seed, number' }, ['b', 'c', 'a']],
    [{ sort: 'iou(disc), name' }, ['a', 'b', 'c']],
    [{ sort: 'min(loss) desc, name desc' }, ['a', 'c', 'b']],
    [{ sortBy: [{ field: { path: 'seed' }, direction: 'DESC' }, { field: { path: 'name' } }] }, ['a', 'c', 'b']],
    [{ sortBy: [{ field: { score: 'MEAN_IOU' } }, { field: { path: 'number' }, direction: 'DESC' }] }, ['a', 'c', 'b']],
    [{ orderBy: { field: 'NAME', direction: 'ASC' } }, ['a', 'b', 'c']],
  ])('is sorted by %j', async (variables, expected) => {
    expect(await names(variables)).toEqual(expected);
  });

  it.each<[object, string, number?]>([
    [
      { sort: 'seed, trainig.iterations' },
      'sort: character 7: "trainig.iterations" is unknown; did you mean "training.iterations"?',
      7,
    ],
    [{ sort: 'seed down' }, 'sort: character 6: expected "asc", "desc", "," or the end; got down', 6],
    [{ sort: 'iou(dics)' }, 'sort: character 1: no dataset has a class "dics"; did you mean "disc"?', 1],
    [{ sort: Array(11).fill('seed').join() }, 'sort: must have 1 to 10 fields; got 11'],
    [{ sortBy: [] }, 'sortBy: must have 1 to 10 fields; got 0'],
    [{ sortBy: [{ field: { path: 'seet' } }] }, 'sortBy[0].field: "seet" is unknown; did you mean "seed"?'],
    [{ sortBy: [{ field: {} }] }, 'sortBy[0].field: give exactly one of path, metric, score, alarm; got none'],
    [{ sort: 'seed', orderBy: { field: 'NAME' } }, 'runs are sorted by one of orderBy, sort; give only one of them'],
  ])('cannot be sorted by %j', async (variables, message, character) => {
    const error = await errorOf(variables);
    expect(error).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
    expect(error.extensions.character).toBe(character);
  });
});

describe('cursors', () => {
  it.each(['failure, notes', 'notes desc, failure'])('of the longest values are accepted: %s', async (sort) => {
    // The longest that the server stores. Each of these characters becomes 7 bytes of a cursor.
    await server.database.dataSource.query(
      `UPDATE runs SET failure = repeat(chr(7), $1) || name, notes = repeat(chr(7), $2)`,
      [MOST_CHARACTERS.outcome - 1, 10_000],
    );
    expect(await names({ sort })).toEqual(['a', 'b', 'c']);
    const groups = await server.ask(`{ runGroups(by: ["failure", "notes"], first: 1) { pageInfo { endCursor } } }`);
    const after = groups.runGroups.pageInfo.endCursor;
    const { runGroups } = await server.ask(
      `query ($after: String) { runGroups(by: ["failure", "notes"], after: $after) { edges { node { count } } } }`,
      { after },
    );
    expect(runGroups.edges).toHaveLength(2);
    await server.database.dataSource.query(`UPDATE runs SET failure = NULL, notes = ''`);
  });
});

describe('values of a run', () => {
  it('are those of the fields, in their order', async () => {
    const fields = [
      'number',
      'name',
      'network.width',
      'augmentation.crop',
      'tag',
      'runner',
      'study',
      'alarm',
      'started',
    ];
    const { runs } = await server.ask(PAGE, { sort: 'number', fields });
    expect(runs.edges.map(({ node }: { node: { values: unknown[] } }) => node.values)).toEqual([
      [1, 'a', 0.5, null, ['x', 'y'], ['gpu-1'], null, false, expect.stringMatching(/^20\d\d-.*Z$/)].with(
        3,
        expect.any(Array),
      ),
      [2, 'b', 0.25, null, null, null, null, false, null].with(3, expect.any(Array)),
    ]);
  });

  it('are exact where points wait, with NaN', async () => {
    const fields = [
      'last(loss)',
      'min(loss)',
      'max(loss)',
      'mean10(loss)',
      'miou',
      'iou(disc)',
      'iou(box)',
      'recall(background)',
    ];
    const { runs } = await server.ask(PAGE, { sort: 'number', fields });
    expect(runs.edges[0].node.values).toEqual([
      'NaN',
      1,
      3,
      'NaN',
      expect.closeTo(0.5833),
      expect.closeTo(0.6667),
      null,
      0.5,
    ]);
    expect(runs.edges[1].node.values).toEqual(fields.map(() => null));
  });

  it.each<[string[], string]>([
    [['name', 'sed'], 'fields[1]: character 1: "sed" is unknown; did you mean "seed"?'],
    [['name, seed'], 'fields[0]: character 7: expected one field; got several'],
    [['miou(subset: vla)'], 'fields[0]: character 1: there is no subset "vla"; known: TRAIN, VAL, TEST'],
    [[], 'fields: must have 1 to 100 entries; got 0'],
  ])('of %j are refused', async (fields, message) => {
    expect(await errorOf({ fields })).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });
});
