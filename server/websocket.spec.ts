import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { REGISTRATION_TOKEN, testServer, USER_TOKEN } from './testing/test-server.js';

const LIMITS = { socketsPerAddress: 3, subscriptionsPerSocket: 2, requestsPerToken: 2 };
const server = testServer({ authRequired: true, trustProxy: ['loopback'], ...LIMITS });
const opened: WebSocket[] = [];

afterEach(async () => {
  for (const socket of opened.splice(0)) {
    if (socket.readyState === WebSocket.CLOSED) continue;
    socket.terminate();
    await once(socket, 'close');
  }
});

interface Message {
  type: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of message has another payload
  payload?: any;
}

/** A client that speaks the protocol without its library. */
function connect(headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  opened.push(socket);
  const received: Message[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const failed = new Promise<string>((resolve) => socket.on('error', ({ message }) => resolve(message)));
  const send = (message: object) => socket.send(JSON.stringify(message));
  const init = async (token: string | null = USER_TOKEN) => {
    await once(socket, 'open');
    send({ type: 'connection_init', ...(token && { payload: { authorization: `Bearer ${token}` } }) });
  };
  const subscribe = (id: string, query: string, variables = {}) =>
    send({ type: 'subscribe', id, payload: { query, variables } });
  const answerTo = (id: string) =>
    expect.poll(() => received.find((message) => message.id === id), { timeout: 10_000 });
  return { socket, received, closed, failed, send, init, subscribe, answerTo };
}

describe('where tokens are required', () => {
  it.each([
    ['no token', null],
    ['a wrong token', 'wrong'],
    ['a registration token', REGISTRATION_TOKEN],
  ])('a socket with %s is closed at once, before it can ask anything', async (_, token) => {
    const client = connect();
    await client.init(token);
    expect(await client.closed).toBe(4403);
    expect(client.received).toEqual([]);
  });

  it('a socket that does not wait for its acceptance is closed', async () => {
    const client = connect();
    await once(client.socket, 'open');
    client.subscribe('1', '{ server { version } }');
    expect(await client.closed).toBe(4401);
  });

  it('a socket that never introduces itself is closed', async () => {
    const client = connect();
    expect(await client.closed).toBe(4408);
  }, 20_000);

  it('a socket whose token is revoked is closed at its next operation', async () => {
    const runner = await server.registerRunner();
    const client = connect();
    await client.init(runner.token);
    await expect.poll(() => client.received).toEqual([{ type: 'connection_ack' }]);
    await server.ask('mutation ($id: ID!) { removeRunner(id: $id) }', { id: runner.id }, USER_TOKEN);
    client.subscribe('1', 'subscription { runQueued }');
    expect(await client.closed).toBe(4403);
    expect(client.received).toHaveLength(1);
  });
});

describe('a socket', () => {
  it('has a limited number of operations open', async () => {
    const client = connect();
    await client.init();
    await expect.poll(() => client.received.length).toBe(1);
    for (const id of ['1', '2', '3']) client.subscribe(id, 'subscription { runDeleted }');
    await client.answerTo('3').toMatchObject({
      type: 'error',
      payload: [
        { message: expect.stringContaining('at most 2 operations'), extensions: { code: 'TOO_MANY_REQUESTS' } },
      ],
    });
    client.send({ type: 'complete', id: '1' });
    client.subscribe('4', '{ server { version } }');
    await client.answerTo('4').toMatchObject({ type: 'next', payload: { data: { server: {} } } });
  });

  it('is closed for a message that is too large', async () => {
    const client = connect();
    await client.init();
    client.subscribe('1', '{ server { version } }', { x: 'x'.repeat(300_000) });
    expect(await client.closed).toBe(1009);
  });

  it.each([
    ['nested too deeply', `${'['.repeat(100)}${']'.repeat(100)}`],
    ['no JSON', '{'],
    ["not a client's", '{"id": "1", "type": "next", "payload": {"data": null}}'],
    ['an acknowledgement', '{"type": "connection_ack"}'],
  ])('is closed for a message that is %s', async (_, text) => {
    const client = connect();
    await client.init();
    client.socket.send(text);
    expect(await client.closed).toBe(4400);
  });
});

describe('an address', () => {
  it('is the whole network of an IPv6 address, because whoever has one address of it has all', async () => {
    const clients = [1, 2, 3].map((last) => connect({ 'x-forwarded-for': `2001:db8:0:1::${last}` }));
    for (const { socket } of clients) await once(socket, 'open');
    expect(await connect({ 'x-forwarded-for': '2001:db8:0:1:2::4' }).failed).toContain('429');
    await once(connect({ 'x-forwarded-for': '2001:db8:0:2::1' }).socket, 'open');
  });

  it('has a limited number of sockets, counted behind a trusted proxy', async () => {
    const from = (address: string) => connect({ 'x-forwarded-for': address });
    const clients = [1, 2, 3].map(() => from('192.0.2.1'));
    for (const { socket } of clients) await once(socket, 'open');
    expect(await from('192.0.2.1').failed).toContain('429');
    await once(from('192.0.2.2').socket, 'open');
    clients[0]!.socket.close();
    await clients[0]!.closed;
    await expect
      .poll(async () => {
        const next = from('192.0.2.1');
        return Promise.race([next.failed, once(next.socket, 'open').then(() => 'open')]);
      })
      .toBe('open');
  });
});
