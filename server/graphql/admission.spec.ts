import { request as open } from 'node:http';
import { json } from 'node:stream/consumers';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { REASONS, type Reason } from './reasons/all.js';

const server = testServer({ authRequired: true });

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

type Request = { query: string; variables?: Record<string, unknown>; operationName?: string };

async function overHttp(request: Request | string, token: string | null = USER_TOKEN) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = typeof request === 'string' ? request : JSON.stringify(request);
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as Answer) };
}

/**
 * What the server answers to a body of this length, of which only `body` is sent. It answers before it has read the body,
 * and fetch() may meet the end of the connection before the answer, so this one reads while it sends.
 */
function overHttpEarly(bytes: number, token: string | null, body = '') {
  const authorization = token && { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', 'content-length': bytes, ...authorization };
  return new Promise<Answer & { status: number | undefined }>((resolve, reject) => {
    const sending = open(`${server.url}/graphql`, { method: 'POST', agent: false, headers });
    sending.on('error', reject);
    sending.on('response', async (response) => {
      resolve({ status: response.statusCode, ...((await json(response)) as Answer) });
      sending.destroy();
    });
    sending.flushHeaders();
    if (body) sending.write(body);
  });
}

const clients: { dispose(): unknown }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** What the server answers: a result, or the errors of an `error` message. */
function overWebSocket(request: Request): Promise<Answer> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${USER_TOKEN}` },
  });
  clients.push(client);
  return new Promise((resolve, reject) => {
    const failed = (reason: unknown) => (Array.isArray(reason) ? resolve({ errors: reason }) : reject(reason));
    client.subscribe(request, { next: (result) => resolve(result as Answer), error: failed, complete: () => {} });
  });
}

const nested = `{ runs(filter: ${'['.repeat(70)}${']'.repeat(70)}) { totalCount } }`;

describe('a bad operation', () => {
  it.each<[string, Request, string, RegExp]>([
    ['does not parse', { query: '{ runs {' }, 'GRAPHQL_PARSE_FAILED', /^Syntax Error: Expected Name/],
    [
      'is too long',
      { query: `{ server { version } } #${'x'.repeat(40_000)}` },
      'GRAPHQL_PARSE_FAILED',
      /at most 32768/,
    ],
    ['has too many words', { query: `{${' a'.repeat(3000)}}` }, 'GRAPHQL_PARSE_FAILED', /more than 1500 words/],
    ['is nested too deeply', { query: nested }, 'GRAPHQL_PARSE_FAILED', /more than 64 levels deep/],
    ['is not valid', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED', /^Cannot query field "nothing"/],
    [
      'costs too much',
      { query: '{ runs(first: 100) { edges { node { log(last: 5000) { id } } } } }' },
      'GRAPHQL_VALIDATION_FAILED',
      /cost is/,
    ],
    [
      'has a bad variable',
      { query: 'query ($id: ID!) { study(id: $id) { id } }', variables: { id: {} } },
      'BAD_USER_INPUT',
      /Variable "\$id" got invalid value/,
    ],
    [
      'lacks a variable',
      { query: 'query ($id: ID!) { study(id: $id) { id } }' },
      'BAD_USER_INPUT',
      /"\$id" of required type/,
    ],
    [
      'names no operation',
      { query: 'query A { server { version } }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
      /\("A"\); got "B"/,
    ],
    [
      'leaves two to choose from',
      { query: 'query A { server { version } } query B { server { version } }' },
      'OPERATION_RESOLUTION_FAILURE',
      /"A", "B"/,
    ],
    [
      'selects a field too often',
      { query: `{ server { ${'version '.repeat(1490)}} }` },
      'GRAPHQL_VALIDATION_FAILED',
      /select each field once/,
    ],
    ['is refused by a service', { query: '{ runs(first: 0) { totalCount } }' }, 'BAD_USER_INPUT', /between 1 and 100/],
  ])('that %s has the same error over HTTP and WebSocket', async (_, request, code, message) => {
    const http = await overHttp(request);
    const socket = await overWebSocket(request);
    for (const { errors } of [http, socket]) {
      expect(errors![0]!.message).toMatch(message);
      const { reason, params, ...others } = errors![0]!.extensions;
      expect(others).toEqual({ code });
      expect(REASONS[reason as Reason][0]).toBe(code);
      expect(params).toBeTypeOf('object');
    }
    expect(http.errors![0]!.extensions).toEqual(socket.errors![0]!.extensions);
    expect(http.status).toBe(message.source.includes('between') ? 200 : 400);
  });

  it('has at most 20 errors, each of a bounded length', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}${'x'.repeat(700)}`).join(' ');
    const { errors } = await overHttp({ query: `{ ${names} }` });
    expect(errors!.length).toBeLessThanOrEqual(21);
    const long = await overHttp({ query: `{ ${'n'.repeat(30_000)} }` });
    expect(long.errors![0]!.message.length).toBeLessThan(2_100);
    expect(long.errors![0]!.message).toMatch(/more characters\)$/);
  });

  it('that echoes a large value echoes little of it', async () => {
    const { errors } = await overHttp({
      query: 'query ($id: ID!) { study(id: $id) { id } }',
      variables: { id: ['x'.repeat(900_000)] },
    });
    expect(errors![0]!.message.length).toBeLessThan(2_100);
  });
});

describe('the body of a request', () => {
  const padded = (bytes: number) =>
    JSON.stringify({ query: '{ server { version } }', variables: { x: 'a'.repeat(bytes) } });

  it('has at most 1 MB, or 8 MB with the token of a runner', async () => {
    const runner = await server.registerRunner();
    for (const token of [null, USER_TOKEN]) {
      expect(await overHttp(padded(1_000_000), token)).toMatchObject({ status: 200 });
      const refused = await overHttpEarly(1_100_000, token);
      expect(refused).toMatchObject({ status: 413, errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
      expect(refused.errors![0]!.message).toContain('larger than 1048576 bytes');
    }
    expect(await overHttp(padded(7_000_000), runner.token)).toMatchObject({ status: 200 });
    const refused = { status: 413, errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] };
    expect(await overHttpEarly(9_000_000, runner.token)).toMatchObject(refused);
    // The answer also reaches a client that sends everything.
    const whole = padded(9_000_000);
    expect(await overHttpEarly(whole.length, runner.token, whole)).toMatchObject(refused);
  });

  it.each([
    ['a list', '[{"query":"{ server { version } }"}]', 400, /one operation per request/],
    ['not JSON', '{"query":', 400, /not valid JSON/],
    ['a number', '1', 400, /must be a JSON object/],
    ['without a query', '{}', 400, /has no query/],
    [
      'nested too deeply',
      `{"query":"{ server { version } }","variables":{"a":${'['.repeat(70)}${']'.repeat(70)}}}`,
      413,
      /64 levels/,
    ],
    [
      'of too many values',
      `{"query":"{ server { version } }","variables":{"a":[${'0,'.repeat(20_000)}0]}}`,
      413,
      /20000 values/,
    ],
  ])('that is %s is rejected', async (_, body, status, message) => {
    const answer = await overHttp(body);
    expect(answer.status).toBe(status);
    expect(answer.errors![0]!.message).toMatch(message);
    expect(Object.keys(answer.errors![0]!.extensions)).toEqual(['code', 'reason', 'params']);
  });

  it('in another charset than UTF-8 is rejected', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-16le', authorization: `Bearer ${USER_TOKEN}` };
    const body = Buffer.from(JSON.stringify({ query: '{ server { version } }' }), 'utf16le');
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('must be UTF-8');
  });
});

describe('over HTTP', () => {
  it('a subscription is told to use a WebSocket', async () => {
    const { status, errors } = await overHttp({ query: 'subscription { runDeleted }' });
    expect(status).toBe(400);
    expect(errors).toEqual([
      {
        message: 'subscriptions are not served over HTTP: open a WebSocket at the same address (graphql-transport-ws)',
        extensions: { code: 'BAD_REQUEST', reason: 'SUBSCRIPTION_OVER_HTTP', params: {} },
      },
    ]);
  });

  it('a query may be in the address, but not a mutation', async () => {
    const get = async (query: string, headers: Record<string, string> = {}) => {
      const address = `${server.url}/graphql?query=${encodeURIComponent(query)}`;
      const response = await fetch(address, { headers: { authorization: `Bearer ${USER_TOKEN}`, ...headers } });
      return { status: response.status, ...((await response.json()) as Answer) };
    };
    const asProgram = { 'apollo-require-preflight': 'yes' };
    expect(await get('{ runs { totalCount } }', asProgram)).toMatchObject({
      status: 200,
      data: { runs: { totalCount: 0 } },
    });
    const mutation = 'mutation { createUserToken(label: "x") { token } }';
    expect(await get(mutation, asProgram)).toMatchObject({
      status: 405,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    const forged = await get('{ runs { totalCount } }');
    expect(forged.status).toBe(400);
    expect(forged.errors![0]!.extensions).toMatchObject({ code: 'BAD_REQUEST', reason: 'REQUEST_REJECTED' });
  });

  it('a browser that opens /graphql gets a text, and nothing to load', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toContain('curl -s ADDRESS');
    expect(text).not.toMatch(/<script|cdn/i);
  });
});

describe('without a token, where tokens are required', () => {
  it('the schema cannot be read, in whole or by guessing names', async () => {
    const introspection = { query: getIntrospectionQuery() };
    expect(await overHttp(introspection, null)).toMatchObject({
      status: 401,
      errors: [
        {
          message: expect.stringContaining('reading the schema needs a token'),
          extensions: { code: 'UNAUTHENTICATED', reason: 'SCHEMA_NEEDS_TOKEN' },
        },
      ],
    });
    expect((await overHttp(introspection)).data).toHaveProperty('__schema');
    const guess = { query: '{ rums { totalCount } }' };
    expect((await overHttp(guess)).errors![0]!.message).toContain('Did you mean "runs"');
    expect((await overHttp(guess, null)).errors![0]!.message).toBe('Cannot query field "rums" on type "Query".');
  });
});
