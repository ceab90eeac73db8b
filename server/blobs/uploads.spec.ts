import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { sha256Of } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';
import { type Announced, errorOf, UploadRequests } from '../testing/upload-requests.js';

const BLOB_MAX_BYTES = 3_000_000;
const MAX_UPLOADS = 20;
const limits = { uploadsMaxBytes: 2 * BLOB_MAX_BYTES, uploadsMaxCount: MAX_UPLOADS };
const server = testServer({ blobMaxBytes: BLOB_MAX_BYTES, ...limits });
const { dataSource } = server.database;
let runner: TestRunner;
let attempt: Claimed;
let runs = 0;

beforeEach(async () => {
  await emptyTables(dataSource, 'blobs', 'blob_chunks', 'blob_candidates', 'runs', 'runners');
  runner = await server.registerRunner({ name: `gpu-${++runs}`, slots: 3 });
  await server.createRun();
  attempt = (await runner.claim())!;
});

const requests = new UploadRequests(
  () => server.url,
  () => ({ attempt, token: runner.token }),
);
const announce = (announced: Announced) => requests.announce(announced);
const open = (bytes: Buffer) => requests.open(bytes);
const send: UploadRequests['send'] = (...given) => requests.send(...given);
const checkpoint = (bytes: Buffer) => ({ step: 1, sha256: sha256Of(bytes), bytes: bytes.length });
const end = (ago: string) =>
  dataSource.query(`UPDATE attempts SET state = 'LOST', finished_at = now() - interval '${ago}'`);
const stored = async () => (await dataSource.query<{ sha256: string }[]>('SELECT sha256 FROM blobs')).length;

describe('an upload', () => {
  it.each([0, 1, 2_500_000])('of %i bytes is announced, sent and named by a report', async (size) => {
    const bytes = randomBytes(size);
    const opened = await announce({ bytes });
    expect([opened.status, opened.headers.get('tus-resumable')]).toEqual([201, '1.0.0']);
    expect(opened.headers.get('location')).toMatch(/^\.\/uploads\/[0-9a-f-]{36}$/);
    expect(opened.headers.get('upload-offset')).toBe('0');
    if (size > 0) {
      const sent = await send(opened.headers.get('location')!, bytes);
      expect([sent.status, sent.headers.get('upload-offset')]).toEqual([204, String(size)]);
    }
    const read = await fetch(`${server.url}/blobs/${sha256Of(bytes)}`);
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    expect((await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(bytes) })).acknowledged).toBe(1);
  });

  it('of bytes that the server has is complete at once', async () => {
    const bytes = randomBytes(100);
    await send(await open(bytes), bytes);
    const again = await announce({ bytes });
    expect([again.status, again.headers.get('upload-offset')]).toEqual([201, '100']);
    await server.createRun();
    attempt = (await runner.claim())!;
    const ofAnother = await announce({ bytes });
    expect([ofAnother.status, ofAnother.headers.get('upload-offset')]).toEqual([201, '100']);
    expect((await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(bytes) })).acknowledged).toBe(1);
  });

  it('whose bytes have another hash is refused and forgotten', async () => {
    const location = await open(randomBytes(100));
    const other = randomBytes(100);
    const refused = await send(location, other);
    expect(refused.status).toBe(460);
    expect(await refused.json()).toMatchObject({
      error: expect.stringContaining(sha256Of(other)),
      code: 'CHECKSUM_MISMATCH',
      reason: 'UPLOAD_HASH_WRONG',
      params: { received: sha256Of(other) },
    });
    expect(await stored()).toBe(0);
    expect((await send(location, other)).status).toBe(404);
  });

  it.each<[string, Partial<Announced>, number, string]>([
    ['another version of tus', { version: '0.2.2' }, 412, 'send the header Tus-Resumable: 1.0.0'],
    ['no length', { length: 'many' }, 400, 'Upload-Length must be'],
    ['a negative length', { length: '-1' }, 400, 'Upload-Length must be'],
    ['more bytes than a blob may have', { length: String(BLOB_MAX_BYTES + 1) }, 413, 'at most 3000000 bytes'],
    [
      'another type',
      { type: 'text/html' },
      400,
      'type must be one of these: image/png, application/octet-stream; got "text/html"',
    ],
    ['no hash', { sha256: 'x' }, 400, '64 lowercase hex digits; got "x"'],
    ['a fence that is not a number', { fence: 'x' }, 400, 'fence must be a number; got "x"'],
    ['a step that is not a number', { step: '-1' }, 400, 'step must be a number; got "-1"'],
    ['another fence', { fence: '2' }, 403, 'does not belong to this runner, or it has ended'],
    ['no attempt', { attempt: '' }, 403, 'attempt "" does not belong'],
    ['an attempt that does not exist', { attempt: crypto.randomUUID() }, 403, 'does not belong to this runner'],
    ['a user token', { token: USER_TOKEN }, 403, 'needs a runner token; this is a user token'],
    ['an invalid token', { token: 'nonsense' }, 401, 'neither a valid user token nor'],
  ])('with %s is refused', async (_, changes, status, message) => {
    const refused = await announce({ bytes: randomBytes(10), ...changes });
    expect(refused.status).toBe(status);
    expect(await errorOf(refused)).toContain(message);
    expect(await dataSource.query('SELECT FROM blob_uploads')).toEqual([]);
  });

  it('of another runner is neither opened nor received', async () => {
    const bytes = randomBytes(10);
    const location = await open(bytes);
    const { token } = await server.registerRunner({ name: 'thief' });
    expect((await announce({ bytes, token })).status).toBe(403);
    expect((await send(location, bytes, 0, token)).status).toBe(404);
    expect((await requests.look(location, token)).status).toBe(404);
  });

  it('is opened only while the attempt is held, and received until a day after', async () => {
    const [early, late] = [randomBytes(10), randomBytes(11)];
    const [first, second] = [await open(early), await open(late)];
    await end('23 hours 59 minutes');
    expect((await announce({ bytes: randomBytes(10) })).status).toBe(403);
    // A runner that was restarted finds its upload again.
    expect((await announce({ bytes: early })).headers.get('location')).toBe(first);
    expect((await send(first, early)).status).toBe(204);
    await end('24 hours');
    const refused = await send(second, late);
    expect(refused.status).toBe(404);
    expect(await errorOf(refused)).toContain('there is no upload');
  });

  it('is refused if what the runner has announced exceeds its quota, until reports name some of it', async () => {
    const [first, second, third] = [0, 1, 2].map(() => randomBytes(BLOB_MAX_BYTES)) as [Buffer, Buffer, Buffer];
    await send(await open(first), first);
    await open(second);
    const refused = await announce({ bytes: third });
    expect(refused.status).toBe(429);
    expect(await errorOf(refused)).toContain('has announced 6000000 bytes that no report has named yet');
    await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(first) });
    expect((await announce({ bytes: third })).status).toBe(201);
    // The second one was given up.
    await dataSource.query(`UPDATE blob_uploads SET touched_at = now() - interval '16 minutes'`);
    expect((await announce({ bytes: randomBytes(BLOB_MAX_BYTES) })).status).toBe(201);
  });

  it('is refused once too many are announced, however small they are, until a report names some', async () => {
    const insert = `INSERT INTO blob_uploads (runner_id, attempt_id, sha256, content_type, bytes, touched_at)
      SELECT $1, $2, md5(i::text) || md5(i::text), 'image/png', 0, now() - interval '1 day' FROM generate_series(1, $3) i`;
    await dataSource.query(insert, [runner.id, attempt.attemptId, MAX_UPLOADS - 1]);
    const last = randomBytes(10);
    await send(await open(last), last);
    const refused = await announce({ bytes: randomBytes(10) });
    expect(refused.status).toBe(429);
    expect(await errorOf(refused)).toContain(`announced ${MAX_UPLOADS} blobs that no report has named yet`);
    // Those that are known already can be announced again.
    expect((await announce({ bytes: last })).status).toBe(201);
    await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(last) });
    await open(randomBytes(10));
  });

  it('that was given up counts again when its bytes are sent', async () => {
    const [first, second, third] = [0, 1, 2].map(() => randomBytes(BLOB_MAX_BYTES)) as [Buffer, Buffer, Buffer];
    const location = await open(first);
    await dataSource.query(`UPDATE blob_uploads SET touched_at = now() - interval '16 minutes'`);
    await send(await open(second), second);
    await open(third);
    const refused = await send(location, first);
    expect(refused.status).toBe(429);
    expect(await errorOf(refused)).toContain('has announced 6000000 bytes that no report has named yet');
    await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(second) });
    expect((await send(location, first)).status).toBe(204);
  });
});

it('is read without a token where none is required, whatever cookie another server has set', async () => {
  const bytes = randomBytes(10);
  await send(await open(bytes), bytes);
  const response = await fetch(`${server.url}/blobs/${sha256Of(bytes)}`, {
    headers: { cookie: `crosscheck_token_${new URL(server.url).port}=of-another-server` },
  });
  expect(response.status).toBe(200);
});

describe('a report', () => {
  it('cannot name a blob that was uploaded for another attempt', async () => {
    const bytes = randomBytes(10);
    await send(await open(bytes), bytes);
    const thief = await server.registerRunner({ name: 'thief' });
    await server.createRun();
    const own = (await thief.claim())!;
    const report = { sequence: 1, checkpoint: checkpoint(bytes) };
    await expect(thief.report(own, report)).rejects.toThrow(`BAD_USER_INPUT: not uploaded: ${sha256Of(bytes)}`);
    const image = { step: 1, imageId: 'a', width: 1, height: 1, kind: 'INPUT', sha256: sha256Of(bytes) };
    await expect(thief.report(own, { sequence: 1, samples: [image] })).rejects.toThrow('not uploaded');
    expect((await runner.report(attempt, report)).acknowledged).toBe(1);
  });

  it('can name a blob that already belongs to the run', async () => {
    const bytes = randomBytes(10);
    await send(await open(bytes), bytes);
    await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(bytes) });
    await runner.finish(attempt, 'RELEASED');
    const next = (await runner.claim())!;
    expect((await runner.report(next, { sequence: 1, checkpoint: checkpoint(bytes) })).acknowledged).toBe(1);
  });

  it('can name a blob that an older runner has sent with PUT', async () => {
    const bytes = randomBytes(10);
    await runner.upload(bytes);
    expect((await runner.report(attempt, { sequence: 1, checkpoint: checkpoint(bytes) })).acknowledged).toBe(1);
  });
});
