import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../schema/protocol-version.js';
import { emptyTables } from '../testing/empty-tables.js';
import { sha256Of } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, TestServer, testServer } from '../testing/test-server.js';
import { errorOf, UploadRequests } from '../testing/upload-requests.js';
import { CHUNK_BYTES } from './blob.entity.js';

const LIMIT = { timeout: 20_000, interval: 10 };
const server = testServer();
const { dataSource } = server.database;
/** Another server on the same database. */
const second = new TestServer(server.database, {});
let runner: TestRunner;
let attempt: Claimed;
let runs = 0;

const as = () => ({ attempt, token: runner.token });
const here = new UploadRequests(() => server.url, as);
const there = new UploadRequests(() => second.url, as);

beforeAll(() => second.start());
afterAll(() => second.stop());
beforeEach(async () => {
  await emptyTables(dataSource, 'blobs', 'blob_chunks', 'blob_candidates', 'runs', 'runners');
  runner = await server.registerRunner({ name: `gpu-${++runs}`, protocolVersion: PROTOCOL_VERSION });
  await server.createRun();
  attempt = (await runner.claim())!;
});

/** What is stored of the only upload, as the database has it. */
async function received(): Promise<number> {
  const [row] = await dataSource.query<{ received: number }[]>('SELECT received FROM blob_uploads');
  return row!.received;
}

async function blob(bytes: Buffer): Promise<boolean> {
  const response = await fetch(`${second.url}/blobs/${sha256Of(bytes)}`);
  return response.ok && Buffer.from(await response.arrayBuffer()).equals(bytes);
}

/** Sends the head of a PATCH and some of its bytes, and keeps the connection open. */
function begin(location: string, bytes: Buffer, length: number): Socket {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(here.patchHead(location, length));
  socket.write(bytes);
  return socket;
}

const idOf = (location: string): string => location.split('/').at(-1)!;

describe('an upload', () => {
  it('is opened once, no matter how often it is announced, and continues where a broken connection has ended', async () => {
    const bytes = randomBytes(2_000_000);
    const location = await here.open(bytes);
    const socket = begin(location, bytes.subarray(0, 1_500_000), bytes.length);
    // A full chunk is stored as soon as it is there, the rest when the connection breaks.
    await vi.waitFor(async () => expect(await received()).toBe(CHUNK_BYTES), LIMIT);
    socket.end();
    await vi.waitFor(async () => expect(await received()).toBe(1_500_000), LIMIT);
    const looked = await here.look(location);
    expect([looked.status, looked.headers.get('upload-offset'), looked.headers.get('upload-length')]).toEqual([
      200,
      '1500000',
      '2000000',
    ]);
    const again = await here.announce({ bytes });
    expect([again.headers.get('location'), again.headers.get('upload-offset')]).toEqual([location, '1500000']);
    expect((await here.send(location, bytes.subarray(1_500_000), 1_500_000)).status).toBe(204);
    expect(await blob(bytes)).toBe(true);
    expect(await here.offset(location)).toBe(2_000_000);
    const complete = await here.send(location, bytes);
    expect(complete.status).toBe(409);
    expect(await errorOf(complete)).toContain('is already complete');
  });

  it('is sent in any pieces, to any server, each at the offset that is stored', async () => {
    const bytes = randomBytes(2_500_000);
    const location = await here.open(bytes);
    let offset = 0;
    const ends = [1, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2_400_000, 2_500_000];
    for (const [index, end] of ends.entries()) {
      const to = index % 2 === 0 ? here : there;
      for (const wrong of [offset - 1, offset + 1].filter((each) => each >= 0)) {
        const refused = await to.send(location, bytes.subarray(0, 1), wrong);
        expect(refused.status).toBe(409);
        expect(await errorOf(refused)).toContain(`Upload-Offset must be ${offset}, where upload`);
      }
      const sent = await to.send(location, bytes.subarray(offset, end), offset);
      expect([sent.status, sent.headers.get('upload-offset')]).toEqual([204, String(end)]);
      offset = end;
    }
    expect(await blob(bytes)).toBe(true);
  });

  it.each(['', '-1', '1e3', 'x', '9'.repeat(16)])('is not continued at the offset "%s"', async (offset) => {
    const refused = await here.send(await here.open(randomBytes(10)), randomBytes(1), offset);
    expect(refused.status).toBe(400);
    expect(await errorOf(refused)).toContain('Upload-Offset must be the number of bytes before the piece');
  });

  it('is received by one request at a time: at the same server, a newer one ends the one before', async () => {
    const bytes = randomBytes(CHUNK_BYTES + 1000);
    const location = await here.open(bytes);
    const first = begin(location, bytes.subarray(0, CHUNK_BYTES), bytes.length);
    const closed = new Promise((resolve) => first.once('close', resolve));
    await vi.waitFor(async () => expect(await received()).toBe(CHUNK_BYTES), LIMIT);
    expect((await here.send(location, bytes.subarray(CHUNK_BYTES), CHUNK_BYTES)).status).toBe(204);
    await closed;
    expect(await blob(bytes)).toBe(true);
  });

  it('is locked while another server receives it, unless that has received nothing for a while', async () => {
    const bytes = randomBytes(CHUNK_BYTES + 1000);
    const location = await here.open(bytes);
    const first = begin(location, bytes.subarray(0, CHUNK_BYTES), bytes.length);
    await vi.waitFor(async () => expect(await received()).toBe(CHUNK_BYTES), LIMIT);
    const refused = await there.send(location, bytes.subarray(CHUNK_BYTES), CHUNK_BYTES);
    expect(refused.status).toBe(423);
    expect(await refused.json()).toMatchObject({
      error: expect.stringContaining('another request is sending upload'),
      code: 'LOCKED',
      reason: 'UPLOAD_LOCKED',
      params: { id: expect.any(String) },
    });
    expect(await there.offset(location)).toBe(CHUNK_BYTES);

    await dataSource.query('UPDATE blob_uploads SET writer_until = now()');
    expect((await there.send(location, bytes.subarray(CHUNK_BYTES, -1), CHUNK_BYTES)).status).toBe(204);
    const closed = new Promise<string>((resolve) => first.once('data', (data) => resolve(String(data))));
    first.write(bytes.subarray(CHUNK_BYTES));
    expect(await closed).toContain('423');
    first.destroy();
    expect(await received()).toBe(bytes.length - 1);
    expect((await here.send(location, bytes.subarray(-1), bytes.length - 1)).status).toBe(204);
    expect(await blob(bytes)).toBe(true);
  });

  it('keeps what it has received when its server shuts down', async () => {
    const third = new TestServer(server.database, {});
    await third.start();
    const bytes = randomBytes(1000);
    const location = await here.open(bytes);
    const socket = connect(Number(new URL(third.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(here.patchHead(location, bytes.length));
    socket.write(bytes.subarray(0, 400));
    await vi.waitFor(async () => {
      expect(await dataSource.query('SELECT FROM blob_uploads WHERE writer IS NOT NULL')).toHaveLength(1);
    }, LIMIT);
    await third.stop();
    const offset = await received();
    expect([0, 400]).toContain(offset);
    expect((await here.send(location, bytes.subarray(offset), offset)).status).toBe(204);
    expect(await blob(bytes)).toBe(true);
  });

  it.each(['POST', 'HEAD'])(
    'that its server could not check before it was killed is checked at the next %s',
    async (method) => {
      const ask = (bytes: Buffer, location: string) =>
        method === 'POST' ? here.announce({ bytes }) : here.look(location);
      const almost = async (bytes: Buffer, last: Buffer) => {
        const location = await here.open(bytes);
        await here.send(location, bytes.subarray(0, -1));
        await dataSource.query('UPDATE blob_chunks SET data = data || $1 WHERE content = $2', [last, idOf(location)]);
        await dataSource.query('UPDATE blob_uploads SET received = bytes WHERE id = $1', [idOf(location)]);
        return location;
      };
      const right = randomBytes(100);
      const checked = await ask(right, await almost(right, right.subarray(-1)));
      expect(checked.headers.get('upload-offset')).toBe('100');
      expect(await blob(right)).toBe(true);
      const wrong = Buffer.alloc(100, 1);
      expect((await ask(wrong, await almost(wrong, Buffer.from([2])))).status).toBe(460);
      expect(await blob(wrong)).toBe(false);
    },
  );

  it('holds the runner to the announced size, whether or not it says how much it sends', async () => {
    const bytes = randomBytes(1000);
    const location = await here.open(bytes);
    const twice = Buffer.concat([bytes, bytes]);
    const declared = await here.send(location, twice);
    expect(declared.status).toBe(400);
    expect(await errorOf(declared)).toBe(
      'Content-Length must be at most 1000, because 1000 bytes were announced; got "2000"',
    );
    const undeclared = await here.send(location, new Blob([twice]).stream());
    expect(undeclared.status).toBe(413);
    expect(await errorOf(undeclared)).toContain('a blob may have at most 1000 bytes');
    expect(await blob(bytes)).toBe(false);
    const offset = await here.offset(location);
    expect((await here.send(location, new Blob([bytes.subarray(offset)]).stream(), offset)).status).toBe(204);
    expect(await blob(bytes)).toBe(true);
  });

  it('starts from the beginning when an older runner, which cannot continue it, announces it again', async () => {
    const bytes = randomBytes(1000);
    const location = await here.open(bytes);
    await here.send(location, bytes.subarray(0, 500));
    await dataSource.query('UPDATE runners SET protocol_version = 1');
    const again = await here.announce({ bytes });
    expect(again.headers.get('upload-offset')).toBe('0');
    expect((await here.send(again.headers.get('location')!, bytes)).status).toBe(204);
    expect(await blob(bytes)).toBe(true);
    expect(await dataSource.query('SELECT content FROM blob_candidates')).toEqual([{ content: idOf(location) }]);
  });

  it('leaves no bytes behind if another runner has stored the blob before it is announced again', async () => {
    const bytes = randomBytes(1000);
    const first = await here.open(bytes);
    await here.send(first, bytes.subarray(0, 500));
    const other = await server.registerRunner({ name: 'other' });
    await server.createRun();
    const ofOther = (await other.claim())!;
    const others = new UploadRequests(
      () => server.url,
      () => ({ attempt: ofOther, token: other.token }),
    );
    await others.send(await others.open(bytes), bytes);
    expect((await here.announce({ bytes })).headers.get('upload-offset')).toBe('1000');
    expect(await dataSource.query('SELECT content FROM blob_candidates')).toEqual([{ content: idOf(first) }]);
  });

  it('is stored once if two runners send the same bytes', async () => {
    const bytes = randomBytes(1000);
    const first = await here.open(bytes);
    const other = await server.registerRunner({ name: 'other' });
    await server.createRun();
    const ofOther = (await other.claim())!;
    const others = new UploadRequests(
      () => second.url,
      () => ({ attempt: ofOther, token: other.token }),
    );
    const location = await others.open(bytes);
    await here.send(first, bytes.subarray(0, 500));
    expect((await others.send(location, bytes)).status).toBe(204);
    expect((await here.send(first, bytes.subarray(500), 500)).status).toBe(204);
    expect(await dataSource.query('SELECT content FROM blobs')).toEqual([{ content: idOf(location) }]);
    expect(await dataSource.query('SELECT content FROM blob_candidates')).toEqual([{ content: idOf(first) }]);
  });
});
