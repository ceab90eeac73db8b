import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../../schema/exit-codes.js';
import { testServer, USER_TOKEN } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

const server = testServer({ authRequired: true });
beforeEach(() => vi.stubEnv('DATABASE_URL', server.database.url).stubEnv('LOG_LEVEL', 'silent'));

const me = async (token: string) => (await server.ask('{ me { name role } }', {}, token)).me;
const refused = (message: RegExp) => ({ code: EXIT.refused, out: [], err: [expect.stringMatching(message)] });

/** Runs a command that prints one line of JSON or text. */
async function line(...args: string[]): Promise<string> {
  const { code, out, err } = await crosscheck(...args);
  expect({ code, err, lines: out.length }).toEqual({ code: EXIT.done, err: [], lines: 1 });
  return out[0]!;
}

describe('crosscheck token', () => {
  it('creates a token in its old form, for an account with the name of the label', async () => {
    expect(await me(await line('token', '--kind', 'user', '--label', 'ada'))).toEqual({ name: 'ada', role: 'MEMBER' });
    const made = JSON.parse(await line('token', '--kind', 'user', '--label', 'Ada', '--expires-in', '60', '--json'));
    expect(made).toEqual({
      ...{ id: expect.any(String), kind: 'user', label: 'Ada', account: 'ada', role: 'MEMBER' },
      ...{ token: expect.stringMatching(/^crosscheck_user_/), expiresAt: expect.any(String) },
    });
    expect(Date.parse(made.expiresAt)).toBeGreaterThan(Date.now());
    const registration = JSON.parse(
      await line('token', '--kind', 'registration', '--label', 'lab', '--uses', '1', '--json'),
    );
    expect(registration).toMatchObject({ kind: 'registration', account: null, role: null, expiresAt: null });
  });

  it('appoints an admin, even if there is no other', async () => {
    const token = await line(
      'token',
      'create',
      '--kind',
      'user',
      '--label',
      'rescue',
      '--account',
      'ada',
      '--role',
      'admin',
    );
    expect(await me(token)).toEqual({ name: 'ada', role: 'ADMIN' });
    const fixed = await line('token', 'create', '--kind', 'user', '--label', 'second', '--account', 'admin');
    expect(await me(fixed)).toEqual({ name: 'admin', role: 'ADMIN' });
    await line('account', 'update', 'ada', '--role', 'member');
  });

  it('lists tokens without their secrets, and says when they end', async () => {
    const { out } = await crosscheck('token', 'list', '--account', 'ada');
    expect(out[0]).toMatch(/^id +kind +account +label +created +last used +ends$/);
    expect(out.slice(1).map((row) => row.split(/ {2,}/).slice(1, 4))).toEqual([
      ['user', 'ada', 'rescue'],
      ['user', 'ada', 'Ada'],
      ['user', 'ada', 'ada'],
    ]);
    const all = JSON.parse((await crosscheck('token', 'list', '--json')).out.join('\n'));
    expect(all.map(({ source }: { source: string }) => source)).toEqual(
      expect.arrayContaining(['CREATED', 'ENVIRONMENT']),
    );
    expect(Object.keys(all[0])).toEqual([
      ...['id', 'kind', 'account', 'label', 'source', 'usesLeft', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'],
    ]);
    expect(JSON.stringify(all)).not.toContain('crosscheck_');
    expect(await crosscheck('token', 'list', '--account', 'x')).toEqual(
      refused(/^error: there is no account called "x"$/),
    );
  });

  it('rotates and revokes, and a running server hears of it', async () => {
    const { id, token } = JSON.parse(await line('token', '--kind', 'user', '--label', 'bob', '--json'));
    const socket = server.subscribe('subscription { runDeleted }', {}, token);
    const closed = expect(socket.next()).rejects.toMatchObject({ code: 4403 });
    expect((await me(token)).name).toBe('bob');
    const fresh = JSON.parse(await line('token', 'rotate', id, '--json'));
    expect(Object.keys(fresh)).toEqual(['id', 'token', 'expiresAt']);
    await closed;
    await vi.waitFor(() => expect(me(token)).rejects.toThrow('was revoked'), 10_000);
    expect((await me(fresh.token)).name).toBe('bob');
    const overlapping = await line('token', 'rotate', fresh.id, '--overlap', '600');
    for (const valid of [fresh.token, overlapping]) expect((await me(valid)).name).toBe('bob');
    expect(await line('token', 'revoke', fresh.id)).toBe('revoked "bob"');
    await vi.waitFor(() => expect(me(fresh.token)).rejects.toThrow('was revoked'), 10_000);
    const ended = (await crosscheck('token', 'list', '--account', 'bob', '--ended')).out;
    expect(ended.filter((row) => /revoked \d{4}-/.test(row))).toHaveLength(2);
  });

  it.each([
    [['token', 'revoke', 'x'], /^error: there is no token "x"$/],
    [['token', 'rotate', crypto.randomUUID()], /^error: there is no token "/],
    [['token', '--kind', 'user', '--label', 'l', '--uses', '1'], /^error: --uses is only for --kind registration$/],
    [
      ['token', '--kind', 'registration', '--label', 'l', '--account', 'a'],
      /^error: --account and --role are only for/,
    ],
    [['token', '--kind', 'user', '--label', ' '], /^error: label: must have 1 to 128 characters; got " "$/],
    [['token', '--kind', 'user', '--label', 'l', '--account', 'local'], /^error: the account "local" has no tokens/],
    [['token', '--kind', 'user', '--label', 'l', '--role', 'boss'], /Allowed choices are VIEWER, MEMBER, ADMIN\.$/],
  ])('refuses in one line: %j', async (args, message) => {
    expect(await crosscheck(...args)).toEqual(refused(message));
  });
});

describe('the audit log', () => {
  type Entry = { operation: string; outcome: string; arguments: object; targets: string[] };
  const log = async (): Promise<Entry[]> => {
    const fields = 'account { id } tokenId address operation outcome arguments targets';
    const query = `{ auditLog(first: 100) { edges { node { ${fields} } } } }`;
    const { auditLog } = await server.ask(query, {}, USER_TOKEN);
    return auditLog.edges.map(({ node }: { node: Entry }) => node).reverse();
  };

  it('has what the commands changed, as the API names it, but of no account', async () => {
    const before = (await log()).length;
    const { id: accountId } = JSON.parse(await line('account', 'create', 'eve', '--role', 'viewer', '--json'));
    const makes = ['token', '--kind', 'user', '--label', 'pad', '--account', 'eve', '--role', 'member', '--json'];
    const made = JSON.parse(await line(...makes));
    const fresh = JSON.parse(await line('token', 'rotate', made.id, '--overlap', '60', '--json'));
    await line('token', 'revoke', fresh.id);
    await line('account', 'update', 'eve', '--disable');
    const lab = JSON.parse(await line('token', '--kind', 'registration', '--label', 'lab', '--uses', '3', '--json'));
    await crosscheck('account', 'create', 'eve');
    await crosscheck('token', 'list');
    await crosscheck('account', 'list');
    const nobody = { account: null, tokenId: null, address: null, outcome: 'OK' };
    const entries = (await log()).slice(before);
    expect(entries).toEqual([
      {
        ...nobody,
        operation: 'createAccount',
        arguments: { name: 'eve', role: 'VIEWER', share: 1 },
        targets: [accountId],
      },
      { ...nobody, operation: 'updateAccount', arguments: { id: accountId, role: 'MEMBER' }, targets: [accountId] },
      { ...nobody, operation: 'createToken', arguments: { accountId, label: 'pad' }, targets: [accountId, made.id] },
      {
        ...nobody,
        operation: 'rotateToken',
        arguments: { id: made.id, overlapSeconds: 60 },
        targets: [made.id, fresh.id],
      },
      { ...nobody, operation: 'revokeToken', arguments: { id: fresh.id }, targets: [fresh.id] },
      { ...nobody, operation: 'updateAccount', arguments: { id: accountId, disabled: true }, targets: [accountId] },
      {
        ...nobody,
        operation: 'createRegistrationToken',
        arguments: { input: { label: 'lab', uses: 3 } },
        targets: [lab.id],
      },
      {
        ...{ ...nobody, operation: 'createAccount', outcome: 'CONFLICT', targets: [] },
        arguments: { name: 'eve', role: 'MEMBER', share: 1 },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('crosscheck_');
  });
});

describe('crosscheck account', () => {
  it('creates, changes and lists accounts', async () => {
    expect(await line('account', 'create', 'guest', '--role', 'viewer', '--share', '0.5')).toBe(
      'created the account "guest" with the role VIEWER',
    );
    const token = await line('token', '--kind', 'user', '--label', 'laptop', '--account', 'guest');
    expect(await me(token)).toEqual({ name: 'guest', role: 'VIEWER' });
    expect(await line('account', 'update', 'GUEST', '--disable', '--share', '2')).toBe(
      'the account "guest" is disabled, with the role VIEWER and the share 2',
    );
    // The server hears of changes by an event, which arrives within a second.
    await vi.waitFor(() => expect(me(token)).rejects.toThrow('the account "guest" is disabled'), 10_000);
    expect(
      JSON.parse(await line('account', 'update', 'guest', '--enable', '--role', 'member', '--json')),
    ).toMatchObject({
      ...{ name: 'guest', role: 'MEMBER', share: 2, disabledAt: null },
    });
    await vi.waitFor(async () => expect(await me(token)).toEqual({ name: 'guest', role: 'MEMBER' }), 10_000);
    const rows = (await crosscheck('account', 'list')).out;
    expect(rows[0]).toMatch(/^name +role +share +created +state$/);
    expect(rows.find((row) => row.startsWith('guest'))).toMatch(/^guest +MEMBER +2 +\d{4}-\d\d-\d\d +enabled$/);
    const listed = JSON.parse((await crosscheck('account', 'list', '--json')).out.join('\n'));
    expect(Object.keys(listed[0])).toEqual(['id', 'name', 'role', 'share', 'createdAt', 'disabledAt']);
    expect(await me(USER_TOKEN)).toEqual({ name: 'admin', role: 'ADMIN' });
  });

  it.each([
    [['create', 'Admin'], /^error: there is already an account called "Admin"$/],
    [['create', 'x', '--share', 'much'], /^error: share: must be more than 0 and at most 1000; got NaN$/],
    [['update', 'nobody', '--disable'], /^error: there is no account called "nobody"$/],
    [['update', 'admin', '--disable'], /^error: the account "admin" always stays an enabled ADMIN/],
    [['update', 'admin'], /^error: nothing to change: give --role, --share, --disable or --enable$/],
    [['update', 'admin', '--disable', '--enable'], /^error: option '--disable' cannot be used with option '--enable'$/],
  ])('refuses in one line: %j', async (args, message) => {
    expect(await crosscheck('account', ...args)).toEqual(refused(message));
  });
});
