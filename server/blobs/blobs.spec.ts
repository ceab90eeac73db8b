import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import express, { type ErrorRequestHandler } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Role } from '../accounts/account.entity.js';
import type { Principal } from '../auth/principal.js';
import { emptyTables } from '../testing/empty-tables.js';
import {
  insertAttempt,
  insertDataset,
  insertRun,
  insertRunner,
  sha256Of,
  storeBlob,
} from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { blobsRouter } from './blobs.router.js';
import { createBlobs } from './create-blobs.js';

const MAX_BYTES = 5_000_000;
const LIMIT = { timeout: 20_000, interval: 5 };
const { dataSource } = testDatabase();
const { blobs, uploads } = createBlobs(dataSource, {
  maxBytes: MAX_BYTES,
  maxWaitingBytes: 4 * MAX_BYTES,
  maxWaitingUploads: 1000,
});
const stored = async () => (await dataSource.query<{ n: number }[]>('SELECT count(*) AS n FROM blobs'))[0]!.n;
/** Bytes that belong to no blob. */
const loose = async () => {
  const [row] = await dataSource.query<{ n: number }[]>(
    'SELECT count(*) AS n FROM blob_chunks c WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.content = c.content)',
  );
  return row!.n;
};

/** Errors that the server would log and answer with 500. */
const unexpected: unknown[] = [];
const rememberError: ErrorRequestHandler = (error, _request, response, _next) => {
  unexpected.push(error);
  response.status(500).end();
};

const principals: Record<string, Principal> = {
  'Bearer user': {
    kind: 'account',
    accountId: crypto.randomUUID(),
    name: 'ada',
    role: Role.ADMIN,
    tokenId: crypto.randomUUID(),
  },
};

describe('blobs over HTTP', () => {
  const authenticate = async (header?: string): Promise<Principal> => principals[header ?? ''] ?? { kind: 'anonymous' };
  /** The blobs that the runner may read. */
  const held = new Set<string>();
  const readers = { mayRead: async (_runnerId: string, sha256: string) => held.has(sha256) };
  const app = express()
    .use(blobsRouter({ blobs, uploads, auth: { authenticate }, readers }))
    .use(rememberError);
  const server = app.listen(0, '127.0.0.1');
  const address = (sha256: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/blobs/${sha256}`;

  const asUser = { headers: { authorization: 'Bearer user' } };

  const put = (sha256: string, bytes: Buffer, headers: Record<string, string> = {}) =>
    fetch(address(sha256), {
      method: 'PUT',
      body: bytes,
      headers: { authorization: 'Bearer runner', 'content-type': 'image/png', ...headers },
    });

  beforeAll(() => new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', resolve))));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(async () => {
    await emptyTables(
      dataSource,
      'blobs',
      'blob_chunks',
      'blob_candidates',
      'blob_uploads',
      'runs',
      'datasets',
      'runners',
    );
    const runner = await insertRunner(dataSource);
    principals['Bearer runner'] = { kind: 'runner', runnerId: runner.id };
    await insertAttempt(dataSource, await insertRun(dataSource, await insertDataset(dataSource)), runner);
  });

  it.each([0, 1, 1024 * 1024, 3_500_000])('returns the %i bytes that were uploaded', async (size) => {
    const bytes = randomBytes(size);
    const sha256 = sha256Of(bytes);
    expect((await put(sha256, bytes)).status).toBe(201);
    expect((await put(sha256, bytes)).status).toBe(200);
    const response = await fetch(address(sha256), asUser);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(size),
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256}"`,
    });
  });

  it('answers HEAD without a body, and a known ETag with 304', async () => {
    const sha256 = await storeBlob(dataSource);
    const head = await fetch(address(sha256), { method: 'HEAD', ...asUser });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '40']);
    // fetch() would add "Cache-Control: no-cache".
    const known = await new Promise<IncomingMessage>((resolve) =>
      get(address(sha256), { headers: { ...asUser.headers, 'if-none-match': `"${sha256}"` } }, (message) =>
        resolve(message.resume()),
      ),
    );
    expect(known.statusCode).toBe(304);
  });

  it.each([
    ['bytes=0-', 206, 0, 3_000_000],
    ['bytes=1048575-1048576', 206, 1_048_575, 1_048_577],
    ['bytes=2500000-', 206, 2_500_000, 3_000_000],
    ['bytes=-10', 206, 2_999_990, 3_000_000],
    ['bytes=2999999-9999999', 206, 2_999_999, 3_000_000],
    ['bytes=0-1,5-6', 200, 0, 3_000_000],
    ['nonsense', 200, 0, 3_000_000],
  ])('answers the range %s with %i', async (range, status, from, to) => {
    const bytes = randomBytes(3_000_000);
    const sha256 = await storeBlob(dataSource, bytes);
    const response = await fetch(address(sha256), { headers: { ...asUser.headers, range } });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(status === 206 ? `bytes ${from}-${to - 1}/3000000` : null);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
  });

  it('refuses a range after the end', async () => {
    const sha256 = await storeBlob(dataSource);
    const response = await fetch(address(sha256), { headers: { ...asUser.headers, range: 'bytes=40-' } });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */40']);
  });

  it('may be read with a token or the cookie of a browser, and by a runner only if it trains the run', async () => {
    const sha256 = await storeBlob(dataSource);
    const read = async (headers: Record<string, string>) => (await fetch(address(sha256), { headers })).status;
    const cookie = `crosscheck_token_${new URL(address(sha256)).port}`;
    expect(await read({})).toBe(401);
    expect(await read({ cookie: `theme=dark; ${cookie}=user` })).toBe(200);
    expect(await read({ cookie: `${cookie}=nobody` })).toBe(401);
    expect(await read({ cookie: `${cookie}=%` })).toBe(401);
    expect(await read({ authorization: 'Bearer runner' })).toBe(403);
    held.add(sha256);
    expect(await read({ authorization: 'Bearer runner' })).toBe(200);
    expect(await read({ authorization: 'Bearer nobody', cookie: 'crosscheck_token=user' })).toBe(401);
  });

  it('rejects bytes that do not match the hash, names both hashes, and stores nothing', async () => {
    const bytes = randomBytes(2_000_000);
    const wrong = 'f'.repeat(64);
    const response = await put(wrong, bytes);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: string };
    expect(error).toContain(wrong);
    expect(error).toContain(sha256Of(bytes));
    expect(await stored()).toBe(0);
    await blobs.collect();
    expect(await loose()).toBe(0);
  });

  it('rejects names that are not a SHA-256, other types and other tokens', async () => {
    const bytes = randomBytes(10);
    const sha256 = sha256Of(bytes);
    const bad: [string, Record<string, string>, number, string][] = [
      ['nonsense', {}, 400, '64 lowercase hex digits; got "nonsense"'],
      [sha256.toUpperCase(), {}, 400, '64 lowercase hex digits'],
      [sha256, { 'content-type': 'text/html' }, 415, 'got "text/html"'],
      [sha256, { authorization: '' }, 401, 'needs a runner token'],
      [sha256, { authorization: 'Bearer user' }, 403, 'needs a runner token; this is a user token'],
    ];
    for (const [name, headers, status, message] of bad) {
      const response = await put(name, bytes, headers);
      expect(response.status).toBe(status);
      expect(((await response.json()) as { error: string }).error).toContain(message);
    }
    expect(await stored()).toBe(0);
    expect((await fetch(address(sha256), asUser)).status).toBe(404);
    expect((await fetch(address('nonsense'), asUser)).status).toBe(400);
  });

  it('rejects more bytes than the limit, with or without Content-Length', async () => {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    const refused = await put(sha256Of(bytes), bytes);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toEqual({
      error: `a blob may have at most ${MAX_BYTES} bytes`,
      code: 'PAYLOAD_TOO_LARGE',
      reason: 'BLOB_TOO_LARGE',
      params: { most: MAX_BYTES },
    });
    const chunked = await fetch(address(sha256Of(bytes)), {
      method: 'PUT',
      body: new Blob([bytes]).stream(),
      duplex: 'half',
      headers: { authorization: 'Bearer runner', 'content-type': 'application/octet-stream' },
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect(await stored()).toBe(0);
    await blobs.collect();
    expect(await loose()).toBe(0);
  });

  it('stores nothing of an upload that is interrupted', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `PUT /blobs/${'a'.repeat(64)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer runner\r\n` +
        'Content-Type: image/png\r\nContent-Length: 1000\r\n\r\nhalf',
    );
    const opened = async () =>
      (await dataSource.query<{ id: string }[]>('SELECT id FROM blob_uploads WHERE writer IS NOT NULL')).length;
    await vi.waitFor(async () => expect(await opened()).toBe(1), LIMIT);
    socket.destroy();
    await vi.waitFor(async () => expect(await opened()).toBe(0), LIMIT);
    await vi.waitFor(async () => expect(await dataSource.query('SELECT FROM blob_uploads')).toEqual([]), LIMIT);
    await blobs.collect();
    expect([await stored(), await loose()]).toEqual([0, 0]);
    expect(unexpected).toEqual([]);
  });

  it('rejects blobs of a runner that has had no attempt for a day', async () => {
    const bytes = randomBytes(10);
    const end = (ago: string) =>
      dataSource.query(`UPDATE attempts SET state = 'SUCCEEDED', finished_at = now() - interval '${ago}'`);
    await end('23 hours 59 minutes');
    expect((await put(sha256Of(bytes), bytes)).status).toBe(201);
    await end('24 hours');
    const refused = await put(sha256Of(bytes), bytes);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      reason: 'UPLOAD_WITHOUT_ATTEMPT',
      error: 'a runner can upload only while it has an attempt, and for 24 hours after its last one has ended',
    });
  });

  it('rejects blobs above the quota of what no report has named yet', async () => {
    for (let i = 0; i < 4; i++) {
      const bytes = randomBytes(MAX_BYTES);
      expect((await put(sha256Of(bytes), bytes)).status).toBe(201);
    }
    const bytes = randomBytes(1);
    const refused = await put(sha256Of(bytes), bytes);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      reason: 'TOO_MANY_BYTES_WAITING',
      params: { waiting: 20_000_000, bytes: 1, most: 20_000_000 },
      error:
        'this runner has announced 20000000 bytes that no report has named yet, and wants to send 1 more; at most 20000000 ' +
        'are allowed (UPLOADS_MAX_BYTES on the server)',
    });
    await dataSource.query('UPDATE blob_uploads SET named_at = now()');
    expect((await put(sha256Of(bytes), bytes)).status).toBe(201);
  });

  it('does not report an error if a reader disconnects early', async () => {
    const sha256 = await storeBlob(dataSource, randomBytes(4_900_000));
    const read = vi.spyOn(blobs, 'read');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /blobs/${sha256} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n\r\n`);
    await once(socket, 'data');
    const reading = read.mock.results[0]!.value as Readable;
    socket.destroy();
    if (!reading.closed) await new Promise((resolve) => reading.once('close', resolve));
    // Express calls its error handlers in the same turn of the event loop.
    await turn();
    expect(unexpected).toEqual([]);
  });

  it('stores bytes once if two clients upload them at the same time', async () => {
    const bytes = randomBytes(3_000_000);
    const sha256 = sha256Of(bytes);
    const answers = await Promise.all(Array.from({ length: 4 }, () => put(sha256, bytes)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(Buffer.from(await (await fetch(address(sha256), asUser)).arrayBuffer()).equals(bytes)).toBe(true);
  });
});
