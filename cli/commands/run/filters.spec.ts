import { beforeAll, beforeEach, expect, it } from 'vitest';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const save = (name: string, ...args: string[]): Promise<Outcome> =>
  run('list', '--where', 'name = wanted', '--save', name, ...args);

beforeAll(async () => {
  await server.registerRunner();
  for (const seed of [1, 2]) await server.createRun({ name: 'wanted' }, { seed });
  await server.createRun({ name: 'other' });
});
beforeEach(() => emptyTables(server.database.dataSource, 'saved_filters'));

it('run list saves a filter with its columns and order, and lists by it', async () => {
  const { code, out, err } = await save('Mine', '--columns', 'name,  seed', '--sort', 'seed desc', '--share');
  const table = ['name    seed', 'wanted     2', 'wanted     1'];
  expect({ code, out, err }).toEqual({ code: 0, out: table, err: ['saved the filter "Mine"'] });
  expect((await run('list', '--saved', 'mine')).out).toEqual(table);
  const { out: own } = await run('list', '--saved', 'mine', '--columns', 'seed', '--sort', 'seed');
  expect(own).toEqual(['seed', '   1', '   2']);
  expect((await run('list', '--saved', 'mine', '--group-by', 'name')).out[1]).toMatch(/^wanted +2/);
  expect((await run('list', '--saved', 'nobody')).err[0]).toMatch(/no saved filter "nobody" on .+; there are: Mine$/);
});

it('run list sorts by a saved order as the API does, whatever --sort made of the same word', async () => {
  const create = 'mutation ($input: CreateSavedFilterInput!) { createSavedFilter(input: $input) { id } }';
  await server.ask(create, { input: { name: 'Mine', query: 'name = wanted', columns: ['seed'], sort: 'created' } });
  expect(await run('list', '--saved', 'mine')).toEqual({ code: 0, out: ['seed', '   1', '   2'], err: [] });
});

it('run filters lists and deletes them', async () => {
  await save('Mine', '--columns', 'seed', '--share');
  await save('Other');
  expect((await run('filters', 'list')).out).toEqual([
    expect.stringMatching(/^name +owner +filter +columns +sort$/),
    expect.stringMatching(/^Mine +\w+ \(shared\) +name = wanted +seed +–$/),
    expect.stringMatching(/^Other +\w+ +name = wanted +– +–$/),
  ]);
  const [mine, other] = JSON.parse((await run('filters', 'list', '--json')).out.join('\n'));
  expect(mine).toMatchObject({ name: 'Mine', query: 'name = wanted', columns: ['seed'], sort: null, shared: true });
  expect((await run('filters', 'delete', 'mine')).out).toEqual(['the saved filter "Mine" is deleted']);
  const deleted = await run('filters', 'delete', other.id, '--json');
  expect(JSON.parse(deleted.out.join('\n'))).toEqual(other);
  expect(await run('filters', 'list')).toEqual({ code: 0, out: [], err: ['no filter is saved'] });
});

it('a name that several people use is refused, and an id is not', async () => {
  await save('Mine');
  const { dataSource } = server.database;
  const [guest] = await dataSource.query(`INSERT INTO accounts (name, role) VALUES ('guest', 'MEMBER') RETURNING id`);
  await dataSource.query(
    `INSERT INTO saved_filters (owner_id, name, query, shared) VALUES ($1, 'mine', 'name = other', true)`,
    [guest.id],
  );
  const { code, err } = await run('list', '--saved', 'Mine');
  expect(code).toBe(2);
  const [, id] = /^error: 2 saved filters are called "Mine"; give the id of one: .*?([\w-]{36}) \(guest\)/.exec(
    err[0]!,
  )!;
  const { out } = await run('list', '--saved', id!, '--json');
  expect(JSON.parse(out.join('\n'))).toMatchObject([{ name: 'other' }]);
});

it.each([
  [['--save', 'x'], '--save saves the filter of --where, which is missing'],
  [['--where', 'seed = 1', '--share'], '--share needs --save'],
  [['--where', 'seed = 1', '--save', ' '], 'name'],
  [['--where', 'seed =', '--save', 'x'], 'query: character 7'],
  [['--where', 'seed = 1', '--columns', 'seed, sed', '--save', 'x'], '--columns: character 7: "sed" is unknown'],
  [
    ['--where', 'seed = 1', '--state', 'QUEUED', '--archived', '--save', 'x'],
    '--save keeps --where, --columns and --sort, but not --state, --archived: write conditions into --where',
  ],
])('run list %j is refused, and saves nothing', async (args, message) => {
  const { code, err } = await run('list', ...args);
  expect(err).toEqual([expect.stringContaining(message)]);
  expect(code).toBe(2);
  expect((await run('filters', 'list')).err).toEqual(['no filter is saved']);
});

it('a name that is taken is refused', async () => {
  await save('Mine');
  const { code, err } = await save('Mine');
  expect(err).toEqual([expect.stringContaining('the account has a saved filter "Mine" already')]);
  expect(code).toBe(2);
});
