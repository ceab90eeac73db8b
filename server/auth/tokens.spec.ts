import { beforeAll, describe, expect, it } from 'vitest';
import { REGISTRATION_TOKEN, runnerInfo, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const ask = (query: string, variables: object = {}, token = USER_TOKEN) => server.ask(query, variables, token);

const TOKENS = `query ($accountId: ID, $ended: Boolean! = false, $first: Int! = 100, $after: String) {
  tokens(accountId: $accountId, ended: $ended, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    edges { node { id kind label source usesLeft lastUsedAt expiresAt revokedAt account { name } createdBy { name } } } } }`;
const CREATE = `mutation ($accountId: ID, $label: String! = "x", $seconds: Int) {
  createToken(accountId: $accountId, label: $label, expiresInSeconds: $seconds) { id token expiresAt } }`;
const ROTATE = 'mutation ($id: ID!, $s: Int! = 0) { rotateToken(id: $id, overlapSeconds: $s) { id token expiresAt } }';
const REVOKE = 'mutation ($id: ID!) { revokeToken(id: $id) { id revokedAt } }';

// biome-ignore lint/suspicious/noExplicitAny: each query selects something else
const list = async (variables: object, token = USER_TOKEN): Promise<any[]> =>
  (await ask(TOKENS, variables, token)).tokens.edges.map(({ node }: { node: object }) => node);
const create = async (variables: object, token = USER_TOKEN) => (await ask(CREATE, variables, token)).createToken;

/** An account with one token. */
async function newcomer(name: string, role = 'MEMBER') {
  const query = 'mutation ($name: String!, $role: Role!) { createAccount(name: $name, role: $role) { id } }';
  const { createAccount } = await ask(query, { name, role });
  return {
    id: createAccount.id as string,
    ...(await create({ accountId: createAccount.id, label: `${name}'s first` })),
  };
}

let ada: Awaited<ReturnType<typeof newcomer>>;
let bob: typeof ada;

beforeAll(async () => {
  ada = { ...(await newcomer('ada')) };
  bob = { ...(await newcomer('bob')) };
});

describe('tokens', () => {
  it('of the environment belong to admin, or to nobody', async () => {
    const all = await list({});
    expect(all.filter(({ source }) => source === 'ENVIRONMENT')).toEqual([
      expect.objectContaining({ kind: 'REGISTRATION', account: null, createdBy: null }),
      expect.objectContaining({ kind: 'USER', account: { name: 'admin' }, createdBy: null }),
    ]);
  });

  it('are listed for their account, and all of them for an admin', async () => {
    const mine = await create({ label: 'laptop', seconds: 3600 }, ada.token);
    const own = await list({}, ada.token);
    expect(own.map(({ label }) => label)).toEqual(['laptop', "ada's first"]);
    expect(own[0]).toMatchObject({ id: mine.id, expiresAt: mine.expiresAt, createdBy: { name: 'ada' } });
    expect(own[1].createdBy).toEqual({ name: 'admin' });
    const [account] = await list({ first: 1 }, bob.token);
    expect(account.account).toEqual({ name: 'bob' });
    const { accounts } = await ask('{ accounts { id name } }');
    const { id } = accounts.find(({ name }: { name: string }) => name === 'ada');
    expect(await list({ accountId: id })).toEqual(own);
    await expect(list({ accountId: id }, bob.token)).rejects.toThrow('FORBIDDEN: tokens needs the role ADMIN');
    await expect(list({ accountId: 'nobody' })).rejects.toThrow('NOT_FOUND: there is no account "nobody"');
    expect((await list({})).length).toBeGreaterThan(own.length + 2);
  });

  it('are listed in pages that fit together', async () => {
    const all = await list({});
    const pages: unknown[] = [];
    let after: string | null = null;
    do {
      const { tokens } = await ask(TOKENS, { first: 2, after });
      expect(tokens.totalCount).toBe(all.length);
      pages.push(...tokens.edges.map(({ node }: { node: unknown }) => node));
      after = tokens.pageInfo.hasNextPage ? tokens.pageInfo.endCursor : null;
    } while (after);
    expect(pages).toEqual(all);
  });

  it('remember when they were last used', async () => {
    const fresh = await create({ label: 'fresh' }, ada.token);
    const lastUse = async () => (await list({}, ada.token)).find(({ id }) => id === fresh.id).lastUsedAt;
    expect(await lastUse()).toBeNull();
    await ask('{ me { name } }', {}, fresh.token);
    expect(Date.parse(await lastUse())).toBeGreaterThan(Date.now() - 30_000);
  });

  it('of other accounts can neither be created, rotated nor revoked by a member', async () => {
    const { accounts } = await ask('{ accounts { id name } }');
    const { id } = accounts.find(({ name }: { name: string }) => name === 'ada');
    await expect(create({ accountId: id }, bob.token)).rejects.toThrow('FORBIDDEN: createToken needs the role ADMIN');
    const [token] = await list({}, ada.token);
    await expect(ask(ROTATE, { id: token.id }, bob.token)).rejects.toThrow(
      `NOT_FOUND: there is no token "${token.id}"`,
    );
    await expect(ask(REVOKE, { id: token.id }, bob.token)).rejects.toThrow('NOT_FOUND');
    await expect(ask(REVOKE, { id: 'x' }, bob.token)).rejects.toThrow('NOT_FOUND: there is no token "x"');
  });

  it('keep their label, account and lifetime when they are rotated', async () => {
    const old = await create({ label: 'nightly', seconds: 7200 }, ada.token);
    const { rotateToken } = await ask(ROTATE, { id: old.id, s: 60 }, ada.token);
    const [fresh, before] = (await list({}, ada.token)).filter(({ label }) => label === 'nightly');
    expect(fresh).toMatchObject({ id: rotateToken.id, account: { name: 'ada' }, expiresAt: rotateToken.expiresAt });
    expect(Date.parse(fresh.expiresAt) - Date.now()).toBeGreaterThan(7_100_000);
    expect(Date.parse(before.expiresAt) - Date.now()).toBeLessThan(61_000);
    for (const { token } of [old, rotateToken]) expect((await ask('{ me { name } }', {}, token)).me.name).toBe('ada');
    await expect(ask(ROTATE, { id: fresh.id, s: 700_000 }, ada.token)).rejects.toThrow(
      'overlapSeconds: must be between',
    );
  });

  it('do not outlive the expiring token that a member creates or rotates them with', async () => {
    const short = await create({ label: 'short', seconds: 600 }, ada.token);
    const made = await create({ label: 'made' }, short.token);
    const longer = await create({ label: 'longer', seconds: 7200 }, short.token);
    const shorter = await create({ label: 'shorter', seconds: 60 }, short.token);
    expect([made.expiresAt, longer.expiresAt]).toEqual([short.expiresAt, short.expiresAt]);
    expect(Date.parse(shorter.expiresAt)).toBeLessThan(Date.parse(short.expiresAt) - 500_000);
    const old = await create({ label: 'rotated', seconds: 7200 }, ada.token);
    const { rotateToken } = await ask(ROTATE, { id: old.id, s: 60 }, short.token);
    expect(rotateToken.expiresAt).toBe(short.expiresAt);
    const { createUserToken } = await ask('mutation { createUserToken(label: "x") { expiresAt } }', {}, short.token);
    expect(createUserToken.expiresAt).toBe(short.expiresAt);
  });

  it('of an admin may outlive the token that they are created with', async () => {
    const short = await create({ label: 'short admin', seconds: 600 });
    expect((await create({ label: 'unlimited' }, short.token)).expiresAt).toBeNull();
  });

  it('that have ended are listed only on demand, and cannot be rotated', async () => {
    const old = await create({ label: 'old' }, ada.token);
    const { revokeToken } = await ask(REVOKE, { id: old.id }, ada.token);
    expect((await ask(REVOKE, { id: old.id }, ada.token)).revokeToken).toEqual(revokeToken);
    expect((await list({}, ada.token)).map(({ id }) => id)).not.toContain(old.id);
    expect((await list({ ended: true }, ada.token)).map(({ id }) => id)).toContain(old.id);
    await expect(ask(ROTATE, { id: old.id }, ada.token)).rejects.toThrow('CONFLICT: the token "old" has ended');
    await expect(ask('{ me { name } }', {}, old.token)).rejects.toThrow('of the account "ada" was revoked');
  });

  it('are not created for nobody, for local or for a disabled account', async () => {
    const { accounts } = await ask('{ accounts { id name } }');
    const { id } = accounts.find(({ name }: { name: string }) => name === 'local');
    await expect(create({ accountId: id })).rejects.toThrow('CONFLICT: the account "local" has no tokens');
    await expect(create({ accountId: crypto.randomUUID() })).rejects.toThrow('NOT_FOUND: there is no account');
    await expect(create({ seconds: 0 })).rejects.toThrow('BAD_USER_INPUT: expiresInSeconds: must be between 1');
    await expect(create({ label: 'a'.repeat(129) })).rejects.toThrow('BAD_USER_INPUT: label: must have');
  });

  it('created with createUserToken belong to the caller', async () => {
    const { createUserToken } = await ask('mutation { createUserToken(label: "phone") { token } }', {}, bob.token);
    expect((await ask('{ me { name role } }', {}, createUserToken.token)).me).toEqual({ name: 'bob', role: 'MEMBER' });
  });
});

describe('registration tokens', () => {
  const REGISTER = `mutation ($token: String!, $info: RunnerInfoInput!) {
    registerRunner(registrationToken: $token, info: $info) { token } }`;
  const register = (token: string) => server.send(REGISTER, { token, info: runnerInfo() });

  it('can be listed, rotated and revoked by an admin', async () => {
    const query = 'mutation { createRegistrationToken(input: { label: "lab", uses: 3 }) { id token } }';
    const { createRegistrationToken: made } = await ask(query);
    expect((await register(made.token)).errors).toBeUndefined();
    expect((await list({})).find(({ id }) => id === made.id)).toMatchObject({
      ...{ kind: 'REGISTRATION', label: 'lab', usesLeft: 2, account: null, createdBy: { name: 'admin' } },
      lastUsedAt: expect.any(String),
    });
    expect((await list({}, ada.token)).map(({ kind }) => kind)).not.toContain('REGISTRATION');
    const { rotateToken } = await ask(ROTATE, { id: made.id });
    expect((await register(made.token)).errors![0]!.message).toContain('revoked');
    expect((await register(rotateToken.token)).errors).toBeUndefined();
    expect((await list({})).find(({ id }) => id === rotateToken.id).usesLeft).toBe(1);
    await expect(ask(REVOKE, { id: rotateToken.id }, ada.token)).rejects.toThrow('NOT_FOUND');
    await ask(REVOKE, { id: rotateToken.id });
    expect((await register(rotateToken.token)).errors![0]!).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('from the environment are replaced by changing the environment, not by rotating', async () => {
    const { id } = (await list({})).find(({ kind, source }) => kind === 'REGISTRATION' && source === 'ENVIRONMENT');
    await expect(ask(ROTATE, { id })).rejects.toThrow('CONFLICT: this token comes from CROSSCHECK_REGISTRATION_TOKEN');
    await server.stop();
    await server.start({ registrationToken: 'another-registration-token' });
    expect((await register(REGISTRATION_TOKEN)).errors![0]!.message).toContain('revoked');
    expect((await register('another-registration-token')).errors).toBeUndefined();
    await server.stop();
    await server.start();
    expect((await register(REGISTRATION_TOKEN)).errors).toBeUndefined();
  });
});
