import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../testing/test-database.js';
import { TestServer, USER_TOKEN } from '../testing/test-server.js';

/** The time in which a socket must be closed, on every server. */
const LIMIT_MS = 1000;

const database = testDatabase();
const servers = [1, 2].map(() => new TestServer(database, { authRequired: true }));
const [first, second] = servers as [TestServer, TestServer];
const disposals: (() => unknown)[] = [];

beforeAll(async () => {
  for (const server of servers) await server.start();
});
afterAll(async () => {
  for (const dispose of disposals) await dispose();
  for (const server of servers) await server.stop();
});

interface Watched {
  /** Resolves when the server closes the socket. */
  closed: Promise<{ code: number; reason: string; atMs: number }>;
  isOpen(): boolean;
}

/** Opens a socket that stays open. Resolves when the server has accepted it. */
function open(server: TestServer, token: string): Promise<Watched> {
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: reject,
    });
    disposals.push(() => client.dispose());
    const closed = new Promise<Awaited<Watched['closed']>>((heard) => {
      client.on('closed', (event) => {
        isOpen = false;
        const { code, reason } = event as { code: number; reason: string };
        heard({ code, reason, atMs: performance.now() });
      });
    });
    client.on('connected', () => {
      isOpen = true;
      resolve({ closed, isOpen: () => isOpen });
    });
  });
}

const ask = (query: string, variables: object = {}, token = USER_TOKEN) => first.ask(query, variables, token);

const revoke = (id: string) => ask('mutation ($id: ID!) { revokeToken(id: $id) { revokedAt } }', { id });
const rotate = (id: string, overlap: number) =>
  ask('mutation ($id: ID!, $s: Int!) { rotateToken(id: $id, overlapSeconds: $s) { token } }', { id, s: overlap });
const expire = (id: string) =>
  database.dataSource.query(`UPDATE tokens SET expires_at = now() + interval '1 second' WHERE id = $1`, [id]);

let account: string;
let token: { id: string; token: string };
let other: { id: string; token: string };

beforeEach(async () => {
  const create = 'mutation ($name: String!) { createAccount(name: $name) { id } }';
  account = (await ask(create, { name: crypto.randomUUID() })).createAccount.id;
  const newToken = async () =>
    (await ask('mutation ($id: ID!) { createToken(accountId: $id, label: "x") { id token } }', { id: account }))
      .createToken;
  token = await newToken();
  other = await newToken();
});

/** Opens sockets on both servers, and expects that `end` closes them, and only them, in time. */
async function expectClosed(end: () => Promise<unknown>, reason: RegExp, secret = token.token): Promise<void> {
  const sockets = await Promise.all(servers.map((server) => open(server, secret)));
  const others = await Promise.all(servers.map((server) => open(server, USER_TOKEN)));
  await end();
  const endedAtMs = performance.now();
  for (const { closed } of sockets) {
    const { code, reason: told, atMs } = await closed;
    expect({ code, reason: told }).toEqual({ code: 4403, reason: expect.stringMatching(reason) });
    expect(atMs - endedAtMs).toBeLessThan(LIMIT_MS);
  }
  expect(others.map((socket) => socket.isOpen())).toEqual([true, true]);
  for (const server of servers) {
    await expect(server.ask('{ me { name } }', {}, secret)).rejects.toThrow('UNAUTHENTICATED');
  }
}

describe('a socket on each of two servers is closed within a second', () => {
  it('when its token is revoked', async () => {
    const kept = await open(second, other.token);
    await expectClosed(() => revoke(token.id), /was revoked/);
    expect(kept.isOpen()).toBe(true);
  });

  it('when its token is rotated, and the account keeps its runs', async () => {
    await first.registerRunner();
    const config = { dataset: 'shapes', split: { labelledRatio: 0.5 }, method: { name: 'cps' } };
    const create = 'mutation ($c: JSONObject!) { createRun(input: { config: $c }) { id } }';
    const { createRun } = await ask(create, { c: config }, token.token);
    let renewed = '';
    await expectClosed(async () => {
      renewed = (await rotate(token.id, 0)).rotateToken.token;
    }, /was revoked/);
    const read = 'query ($id: ID!) { me { id } run(id: $id) { author { id } } }';
    expect(await second.ask(read, { id: createRun.id }, renewed)).toEqual({
      me: { id: account },
      run: { author: { id: account } },
    });
  });

  it('when its account is disabled, and it is accepted again when the account is enabled', async () => {
    const change = (disabled: boolean) =>
      ask('mutation ($id: ID!, $d: Boolean!) { updateAccount(id: $id, disabled: $d) { id } }', {
        id: account,
        d: disabled,
      });
    await expectClosed(() => change(true), /is disabled/);
    await change(false);
    expect((await open(second, token.token)).isOpen()).toBe(true);
  });

  it.each<[string, (id: string) => string]>([
    ['', (id) => id],
    [', by its id in upper case', (id) => id.toUpperCase()],
  ])('when its runner is removed%s', async (_how, written) => {
    const runner = await first.registerRunner();
    const remove = () => ask('mutation ($id: ID!) { removeRunner(id: $id) }', { id: written(runner.id) });
    await expectClosed(remove, /neither a valid user token/, runner.token);
  });

  it('when its token from the environment is replaced', async () => {
    const third = new TestServer(database, { authRequired: true, userToken: 'an-earlier-value-of-it' });
    const fourth = new TestServer(database, { authRequired: true });
    await third.start();
    try {
      const socket = await open(third, 'an-earlier-value-of-it');
      await expect(first.ask('{ me { name } }', {}, USER_TOKEN)).rejects.toThrow('was revoked');
      await fourth.start();
      expect(await socket.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('was revoked') });
      await expect(third.ask('{ me { name } }', {}, 'an-earlier-value-of-it')).rejects.toThrow('UNAUTHENTICATED');
      expect(await third.ask('{ me { name role } }', {}, USER_TOKEN)).toEqual({ me: { name: 'admin', role: 'ADMIN' } });
    } finally {
      await third.stop();
      await fourth.stop();
    }
  });
});

describe('a socket stays open until its token expires', () => {
  it('at the time that was set when the token was created', async () => {
    await expire(token.id);
    const sockets = await Promise.all(servers.map((server) => open(server, token.token)));
    const openedAtMs = performance.now();
    for (const { closed } of sockets) {
      const { code, reason, atMs } = await closed;
      expect({ code, reason }).toEqual({ code: 4403, reason: expect.stringContaining('has expired') });
      expect(atMs - openedAtMs).toBeLessThan(1000 + LIMIT_MS);
    }
  });

  it('after the overlap of a rotation, which a server hears of while the socket is open', async () => {
    const sockets = await Promise.all(servers.map((server) => open(server, token.token)));
    const { rotateToken } = await rotate(token.id, 1);
    const rotatedAtMs = performance.now();
    expect(await second.ask('{ me { id } }', {}, rotateToken.token)).toEqual({ me: { id: account } });
    for (const { closed } of sockets) {
      const { reason, atMs } = await closed;
      expect(reason).toContain('has expired');
      expect(atMs - rotatedAtMs).toBeGreaterThan(500);
      expect(atMs - rotatedAtMs).toBeLessThan(1000 + LIMIT_MS);
    }
  });
});

it('a subscription of a revoked token receives nothing that happens later', async () => {
  const received: unknown[] = [];
  const subscription = second.subscribe('subscription { runnersChanged { id } }', {}, token.token);
  const receiveAll = async () => {
    for await (const event of subscription) received.push(event);
  };
  // Expected from the start: it may end before the other socket.
  const ended = expect(receiveAll()).rejects.toMatchObject({ code: 4403 });
  const socket = await open(second, token.token);
  await revoke(token.id);
  await socket.closed;
  await ended;
  const before = received.length;
  await first.registerRunner({ name: 'later' });
  expect(received).toHaveLength(before);
});
