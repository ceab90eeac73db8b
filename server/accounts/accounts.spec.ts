import { beforeAll, describe, expect, it } from 'vitest';
import { runConfig, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const CREATE = `mutation ($name: String!, $role: Role! = MEMBER, $share: Float! = 1) {
  createAccount(name: $name, role: $role, share: $share) { id name role share disabledAt } }`;
const UPDATE = `mutation ($id: ID!, $role: Role, $share: Float, $disabled: Boolean) {
  updateAccount(id: $id, role: $role, share: $share, disabled: $disabled) { name role share disabledAt } }`;

const create = async (variables: object) => (await server.ask(CREATE, variables)).createAccount;
const update = async (id: string, change: object) => (await server.ask(UPDATE, { id, ...change })).updateAccount;
const tokenOf = async (accountId: string) => {
  const query = 'mutation ($id: ID!) { createToken(accountId: $id, label: "x") { token } }';
  return (await server.ask(query, { id: accountId })).createToken.token as string;
};

describe('accounts', () => {
  it('are local and admin from the start, both with the role ADMIN', async () => {
    const { accounts } = await server.ask('{ accounts { name role share disabledAt } }');
    const fixed = { role: 'ADMIN', share: 1, disabledAt: null };
    expect(accounts).toEqual([
      { name: 'admin', ...fixed },
      { name: 'local', ...fixed },
    ]);
    expect(await server.ask('{ me { name } }')).toEqual({ me: { name: 'local' } });
    expect(await server.ask('{ me { name } }', {}, USER_TOKEN)).toEqual({ me: { name: 'admin' } });
  });

  it('have names that differ by more than case', async () => {
    expect(await create({ name: '  Ada ', role: 'VIEWER', share: 0.5 })).toMatchObject({
      ...{ name: 'Ada', role: 'VIEWER', share: 0.5, disabledAt: null },
    });
    for (const name of ['ada', 'ADMIN', 'local']) {
      await expect(create({ name })).rejects.toThrow(`CONFLICT: there is already an account called "${name}"`);
    }
  });

  it.each([
    [{ name: ' ' }, 'name: must have 1 to 128 characters'],
    [{ name: 'a'.repeat(129) }, 'name: must have 1 to 128 characters'],
    [{ name: 'a\tb' }, 'name: must have 1 to 128 characters, none of them a control character'],
    [{ name: 'a\u0000b' }, 'name: must not contain the character NUL'],
    [{ name: '\ud800' }, 'name: must be valid Unicode'],
    [{ name: 'zero', share: 0 }, 'share: must be more than 0 and at most 1000; got 0'],
    [{ name: 'much', share: 1e300 }, 'share: must be more than 0'],
  ])('are not created from nonsense: %j', async (variables, message) => {
    await expect(create(variables)).rejects.toThrow(`BAD_USER_INPUT: ${message}`);
  });

  it('change their role at once, for tokens that are in use', async () => {
    const { id } = await create({ name: 'kwon', role: 'VIEWER' });
    const token = await tokenOf(id);
    const cancel = () => server.ask(`mutation { cancelRun(id: "${crypto.randomUUID()}") { id } }`, {}, token);
    await expect(cancel()).rejects.toThrow(
      'FORBIDDEN: cancelRun needs the role MEMBER; the account "kwon" has the role VIEWER',
    );
    expect(await update(id, { role: 'MEMBER' })).toEqual({ name: 'kwon', role: 'MEMBER', share: 1, disabledAt: null });
    await expect(cancel()).rejects.toThrow('NOT_FOUND');
    expect((await update(id, { share: 2 })).role).toBe('MEMBER');
    await update(id, { role: 'VIEWER' });
    await expect(cancel()).rejects.toThrow('FORBIDDEN');
  });

  it('that are disabled lose all their tokens until they are enabled', async () => {
    const { id } = await create({ name: 'gone' });
    const tokens = [await tokenOf(id), await tokenOf(id)];
    const { disabledAt } = await update(id, { disabled: true });
    expect((await update(id, { disabled: true })).disabledAt).toBe(disabledAt);
    for (const token of tokens) {
      await expect(server.ask('{ me { name } }', {}, token)).rejects.toThrow('the account "gone" is disabled');
    }
    await expect(tokenOf(id)).rejects.toThrow('CONFLICT: the account "gone" is disabled');
    expect((await update(id, { disabled: false })).disabledAt).toBeNull();
    for (const token of tokens) expect((await server.ask('{ me { name } }', {}, token)).me.name).toBe('gone');
  });

  it('that are fixed stay enabled admins', async () => {
    const { accounts } = await server.ask('{ accounts { id name } }');
    for (const { id, name } of accounts.filter(({ name }: { name: string }) => ['admin', 'local'].includes(name))) {
      for (const change of [{ role: 'VIEWER' }, { disabled: true }]) {
        await expect(update(id, change)).rejects.toThrow(`CONFLICT: the account "${name}" always stays`);
      }
      expect(await update(id, { role: 'ADMIN', share: 3 })).toMatchObject({ role: 'ADMIN', share: 3 });
    }
    await expect(update(crypto.randomUUID(), {})).rejects.toThrow('NOT_FOUND');
    await expect(update('x', {})).rejects.toThrow('NOT_FOUND: there is no account "x"');
  });
});

describe('authors', () => {
  let token: string;
  beforeAll(async () => {
    await server.registerRunner();
    token = await tokenOf((await create({ name: 'author' })).id);
  });

  it.each([
    ['local', () => undefined],
    ['admin', () => USER_TOKEN],
    ['author', () => token],
  ])('of runs and studies are those who queued them: %s', async (name, sender) => {
    const run = `mutation ($c: JSONObject!) { createRun(input: { config: $c }) { author { name } } }`;
    expect((await server.ask(run, { c: runConfig() }, sender())).createRun).toEqual({ author: { name } });
    const study = `mutation ($input: CreateStudyInput!) { createStudy(input: $input) {
      author { name } runs { edges { node { author { name } } } } } }`;
    const { method: _, ...base } = runConfig();
    const input = { name: 's', base, matrix: { methods: [{ name: 'cps' }, { name: 'supervised' }] } };
    const { createStudy } = await server.ask(study, { input }, sender());
    expect(createStudy.author).toEqual({ name });
    const authors = createStudy.runs.edges.map(({ node }: { node: { author: { name: string } } }) => node.author.name);
    expect(authors).toEqual([name, name]);
  });
});

describe('createUserToken on a server that requires no tokens', () => {
  const createUserToken = async (label: string) => {
    const query = 'mutation ($label: String!) { createUserToken(label: $label) { token } }';
    const { createUserToken } = await server.ask(query, { label });
    return (await server.ask('{ me { name role } }', {}, createUserToken.token)).me;
  };

  it('makes the label an account', async () => {
    expect(await createUserToken('grace')).toEqual({ name: 'grace', role: 'MEMBER' });
    expect(await createUserToken(' Grace ')).toEqual({ name: 'grace', role: 'MEMBER' });
    expect(await createUserToken('Admin')).toEqual({ name: 'Admin (token)', role: 'MEMBER' });
    await expect(createUserToken(' ')).rejects.toThrow('BAD_USER_INPUT: label: must have');
  });
});
