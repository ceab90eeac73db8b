import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as open } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.js';
import { DatabaseLine } from '../testing/database-line.js';
import { testDatabase } from '../testing/test-database.js';
import { type TestRunner, TestServer, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true, trustProxy: ['loopback'], requestsPerToken: 3 });
const asUser = { authorization: `Bearer ${USER_TOKEN}` };

async function send(method: string, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, { method, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A request whose body never arrives. It stays in progress until it is destroyed, if the server waits for the body. */
function pending(headers: Record<string, string>, method = 'POST', path = '/graphql') {
  const { hostname: host, port } = new URL(server.url);
  const body = { 'content-type': 'application/json', 'content-length': '100' };
  const request = open({ port, host, path, method, agent: false, headers: { ...body, ...headers } });
  request.on('error', () => {});
  request.write('{');
  return request;
}

describe('where tokens are required', () => {
  it('/metrics needs one', async () => {
    const refused = await send('GET', '/metrics');
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.text).errors[0].extensions).toEqual({
      ...{ code: 'UNAUTHENTICATED', reason: 'USER_TOKEN_MISSING', params: { what: 'reading /metrics' } },
    });
    expect((await send('GET', '/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await send('GET', '/metrics', asUser)).text).toContain('crosscheck_queue_depth');
  });

  it('/healthz says whether the server is well', async () => {
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });

  it('a browser trades its token for a cookie that only /blobs receives', async () => {
    const session = await send('POST', '/blobs/session', asUser);
    expect(session.status).toBe(204);
    const cookie = session.headers.get('set-cookie')!;
    expect(cookie).toBe(`crosscheck_token_${new URL(server.url).port}=${USER_TOKEN}; HttpOnly; SameSite=Strict`);
    const runner = await server.registerRunner();
    await server.createRun();
    await runner.claim();
    const sha256 = await runner.upload(Buffer.from('bytes'));
    const read = (headers: Record<string, string>) => send('GET', `/blobs/${sha256}`, headers);
    expect((await read({})).status).toBe(401);
    const shown = await read({ cookie: cookie.split(';')[0]! });
    expect(shown).toMatchObject({ status: 200, text: 'bytes' });
    expect(shown.headers.get('cache-control')).toMatch(/^private, /);
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'");
    // A server on another port has another one.
    expect((await read({ cookie: `crosscheck_token_1=${USER_TOKEN}` })).status).toBe(401);
    // Nothing else takes the cookie.
    const query = { 'apollo-require-preflight': 'yes', cookie: cookie.split(';')[0]! };
    expect((await send('GET', '/graphql?query={runs{totalCount}}', query)).text).toContain('UNAUTHENTICATED');
    expect((await send('GET', '/metrics', query)).status).toBe(401);
    expect((await send('PUT', `/blobs/${sha256}`, query)).status).toBe(401);
  });

  it('the cookie is marked as secure behind a proxy that speaks https', async () => {
    const { headers } = await send('POST', '/blobs/session', { ...asUser, 'x-forwarded-proto': 'https' });
    expect(headers.get('set-cookie')).toMatch(/; Secure/);
    const cleared = await send('DELETE', '/blobs/session');
    expect(cleared).toMatchObject({ status: 204 });
    expect(cleared.headers.get('set-cookie')).toMatch(/^crosscheck_token_\d+=; Expires=Thu, 01 Jan 1970/);
  });

  it('there is no cookie without a token, for a wrong one, or for a runner', async () => {
    const runner = await server.registerRunner();
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization: 'Bearer wrong' }, 401],
      [{ authorization: `Bearer ${runner.token}` }, 403],
    ] as [Record<string, string>, number][]) {
      const refused = await send('POST', '/blobs/session', headers);
      expect(refused.status).toBe(status);
      expect(refused.headers.get('set-cookie')).toBeNull();
    }
  });

  it('a runner reads the checkpoint of the run that it trains, and no other blob', async () => {
    const [runner, other] = [await server.registerRunner(), await server.registerRunner()];
    await server.createRun();
    const attempt = (await runner.claim())!;
    const bytes = Buffer.from('a checkpoint');
    const sha256 = await runner.upload(bytes);
    const image = await runner.upload(Buffer.from('an image'));
    await runner.report(attempt, { sequence: 1, step: 1, checkpoint: { step: 1, sha256, bytes: bytes.length } });
    const read = async (by: TestRunner, blob: string) =>
      (await send('GET', `/blobs/${blob}`, { authorization: `Bearer ${by.token}` })).status;
    expect(await read(runner, sha256)).toBe(200);
    expect(await read(runner, image)).toBe(403);
    expect(await read(other, sha256)).toBe(403);
    await runner.finish(attempt, 'CANCELED');
    expect(await read(runner, sha256)).toBe(403);
  });
});

describe('a caller with too many requests in progress', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a token', asUser, { 'x-forwarded-for': '192.0.2.7' }],
    ['an address', { 'x-forwarded-for': '192.0.2.8' }, { 'x-forwarded-for': '192.0.2.9' }],
  ])('gets 429: %s', async (_, caller, other) => {
    const requests = [1, 2, 3].map(() => pending(caller));
    const query = '/graphql?query={server{version}}';
    const ask = (headers: Record<string, string>) =>
      send('GET', query, { 'apollo-require-preflight': 'yes', ...headers });
    await expect.poll(async () => (await ask(caller)).status).toBe(429);
    const refused = await ask(caller);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(refused.text).errors[0]).toMatchObject({
      message: expect.stringContaining('3 requests of this token or address are already in progress'),
      extensions: { code: 'TOO_MANY_REQUESTS' },
    });
    expect((await ask(other)).status).toBe(200);
    for (const request of requests) request.destroy();
    await expect.poll(async () => (await ask(caller)).status).toBe(200);
  });
});

describe('a token that nobody was given', () => {
  it('counts for the address that it comes from, so that inventing tokens gets nobody more', async () => {
    const address = { 'x-forwarded-for': '192.0.2.10' };
    const requests = [1, 2, 3].map(() => pending(address));
    const ask = async (token: string, from = address) =>
      (await send('GET', '/metrics', { ...from, authorization: `Bearer ${token}` })).status;
    await expect.poll(() => ask('invented-1'), { timeout: 20_000 }).toBe(429);
    expect(await ask('invented-2')).toBe(429);
    expect(await ask('invented-3', { 'x-forwarded-for': '192.0.2.11' })).toBe(401);
    // A token that is in use has a limit of its own.
    expect(await ask(USER_TOKEN)).toBe(200);
    for (const request of requests) request.destroy();
  });
});

describe('a caller without a token', () => {
  it.each(['POST /blobs/session', 'POST /uploads', 'PATCH /uploads/x', `PUT /blobs/${'a'.repeat(64)}`, 'GET /metrics'])(
    'is refused before the body arrives: %s',
    async (line) => {
      const [method, path] = line.split(' ') as [string, string];
      const request = pending({ 'tus-resumable': '1.0.0' }, method, path);
      const [{ statusCode }] = (await once(request, 'response')) as [IncomingMessage];
      expect(statusCode).toBe(401);
      request.destroy();
    },
  );

  it('gets no body read by /graphql that no operation can be in', async () => {
    const request = pending({}, 'PUT');
    const [{ statusCode }] = (await once(request, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(400);
    request.destroy();
  });
});

describe('what does not exist', () => {
  it.each(['/assets/nothere.js', '/assets/../../package.json', `/assets/${'x'.repeat(5000)}`])(
    'is not found, without a path of the machine: %s',
    async (path) => {
      const { status, text } = await send('GET', path);
      if (path.includes('..')) return expect(text).not.toContain('"dependencies"');
      expect(status).toBe(404);
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      expect(text).not.toMatch(/ENOENT|dist\/web/);
      expect(text).not.toContain(packageRoot);
      expect(text.length).toBeLessThan(500);
    },
  );
});

describe('the headers of every answer', () => {
  const headersOf = async (path: string, headers: Record<string, string> = {}): Promise<IncomingHttpHeaders> =>
    Object.fromEntries((await send('GET', path, headers)).headers);

  it.each(['/', '/runs/1', '/healthz', '/graphql', '/blobs/x', '/assets/none.js'])(
    'keep browsers from frames, sniffing, referrers and foreign code: %s',
    async (path) => {
      const headers = await headersOf(path);
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('ask for https only where it is used', async () => {
    const headers = await headersOf('/', { 'x-forwarded-proto': 'https' });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });
});

describe('/healthz without a database', () => {
  const database = testDatabase();
  const line = new DatabaseLine(database.url);
  const strict = new TestServer(database, { authRequired: true });
  const lenient = new TestServer(database, {});
  beforeAll(async () => {
    await line.open();
    await strict.start({ databaseUrl: line.url });
    await lenient.start({ databaseUrl: line.url });
    await line.cut();
  });
  afterAll(async () => {
    await line.open();
    await strict.stop();
    await lenient.stop();
    await line.cut();
  });

  it('is 503, and says why only where no tokens are required', async () => {
    const health = async ({ url }: TestServer) => {
      const response = await fetch(`${url}/healthz`);
      return { status: response.status, body: await response.json() };
    };
    expect(await health(strict)).toEqual({ status: 503, body: { status: 'the database is unavailable' } });
    expect(await health(lenient)).toEqual({
      status: 503,
      body: { status: 'the database is unavailable', reason: expect.stringMatching(/ECONN|terminated/) },
    });
  });
});
