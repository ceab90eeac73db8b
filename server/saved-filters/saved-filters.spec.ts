import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const FIELDS = '{ name query columns sort shared owner { name } }';
let [ada, kwon]: string[] = [];

async function account(name: string, role = 'MEMBER'): Promise<string> {
  const { createAccount } = await server.ask(
    'mutation ($name: String!, $role: Role!) { createAccount(name: $name, role: $role) { id } }',
    { name, role },
    USER_TOKEN,
  );
  const { createToken } = await server.ask(
    'mutation ($id: ID!) { createToken(accountId: $id, label: "x") { token } }',
    { id: createAccount.id },
    USER_TOKEN,
  );
  return createToken.token;
}

const create = (input: object, token = ada) =>
  server.send(
    `mutation ($input: CreateSavedFilterInput!) { createSavedFilter(input: $input) { id name query columns sort } }`,
    { input: { name: 'bad', query: 'miou < 50%', ...input } },
    token,
  );
const idOf = async (input: object, token = ada) => (await create(input, token)).data.createSavedFilter.id as string;
const update = (id: string, input: object, token = ada) =>
  server.send(
    `mutation ($id: ID!, $input: UpdateSavedFilterInput!) { updateSavedFilter(id: $id, input: $input) ${FIELDS} }`,
    { id, input },
    token,
  );
const remove = (id: string, token = ada) =>
  server.send('mutation ($id: ID!) { deleteSavedFilter(id: $id) }', { id }, token);
const names = async (token = ada) =>
  (await server.ask('{ savedFilters { name } }', {}, token)).savedFilters.map(({ name }: { name: string }) => name);

beforeAll(async () => {
  await server.registerRunner();
  [ada, kwon] = [await account('ada'), await account('kwon')];
});
beforeEach(() => emptyTables(server.database.dataSource, 'saved_filters'));

describe('a saved filter', () => {
  it('is listed by name for its owner, and for everybody once it is shared', async () => {
    const id = await idOf({ name: 'b', columns: ['miou', 'iou(disc)', 'training.iterations'], sort: 'miou desc' });
    await create({ name: 'A' });
    await create({ name: 'c' }, kwon);
    expect(await names()).toEqual(['A', 'b']);
    const { data } = await update(id, { shared: true, name: ' shared ' });
    expect(data.updateSavedFilter).toEqual({
      ...{ name: 'shared', query: 'miou < 50%', columns: ['miou', 'iou(disc)', 'training.iterations'] },
      ...{ sort: 'miou desc', shared: true, owner: { name: 'ada' } },
    });
    expect(await names(kwon)).toEqual(['c', 'shared']);
    expect(data.updateSavedFilter.query).toBe('miou < 50%');
    expect((await update(id, { sort: '', columns: [] })).data.updateSavedFilter).toMatchObject({
      sort: null,
      columns: [],
    });
  });

  it('finds runs', async () => {
    await create({ name: 'named', query: 'name = wanted' });
    await server.createRun({ name: 'wanted' });
    await server.createRun({ name: 'other' });
    const [{ query }] = (await server.ask('{ savedFilters { query } }', {}, ada)).savedFilters;
    const { runs } = await server.ask('query ($query: String) { runs(query: $query) { totalCount } }', { query }, ada);
    expect(runs.totalCount).toBe(1);
  });

  it.each<[object, string]>([
    [{ query: 'miuo < 50%' }, 'query: character 1: "miuo" is unknown; did you mean "miou"?'],
    [{ query: ' ' }, 'query: must not be empty'],
    [{ name: '' }, 'name: must have 1 to 128 characters; got ""'],
    [
      { columns: ['miou', 'network.widht'] },
      'columns[1]: character 1: "network.widht" is unknown; did you mean "network.width"?',
    ],
    [{ sort: 'nothing desc' }, 'sort: character 1: "nothing" is unknown'],
  ])('with %j is refused', async (input, message) => {
    const { errors } = await create(input);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toContain(message);
    expect(await names()).toEqual([]);
  });

  it('has a name that is unique for its owner', async () => {
    await create({ name: 'mine' });
    const { errors } = await create({ name: 'Mine' });
    expect(errors![0]).toMatchObject({
      message: 'the account has a saved filter "Mine" already; choose another name, or update that one',
      extensions: { code: 'CONFLICT' },
    });
    expect((await create({ name: 'mine' }, kwon)).errors).toBeUndefined();
  });

  it('is one of at most 200 of an account, however many are saved at once', async () => {
    await server.database.dataSource.query(
      `INSERT INTO saved_filters (owner_id, name, query)
       SELECT id, 'filter ' || number, 'seed = 1' FROM accounts, generate_series(1, 197) AS number WHERE name = 'ada'`,
    );
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => create({ name: `more ${i}` })));
    const refused = answers.flatMap(({ errors }) => errors ?? []);
    expect(refused.map(({ extensions: { reason } }) => reason)).toEqual(Array(5).fill('TOO_MANY_SAVED_FILTERS'));
    expect(await names()).toHaveLength(200);
  });

  it('is changed and deleted by its owner and by admins only', async () => {
    const [own, shared] = [await idOf({ name: 'own' }), await idOf({ name: 'shared', shared: true })];
    const codes = async (id: string) =>
      [await update(id, { name: 'x' }, kwon), await remove(id, kwon)].map(({ errors }) => errors![0]!.extensions.code);
    expect(await codes(own)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(await codes(shared)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect((await update(own, { name: 'by an admin' }, USER_TOKEN)).data.updateSavedFilter.owner.name).toBe('ada');
    expect((await remove(own)).data.deleteSavedFilter).toBe(own);
    expect((await remove(shared, USER_TOKEN)).errors).toBeUndefined();
    expect(await names()).toEqual([]);
  });
});
