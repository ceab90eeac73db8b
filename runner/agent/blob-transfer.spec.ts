import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BlobTransfer } from './blob-transfer.js';
import { ServerClient } from './server-client.js';

const ATTEMPT = { attemptId: crypto.randomUUID(), fence: 1 };
const LOCATION = `/uploads/${crypto.randomUUID()}`;
const bytes = randomBytes(700_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
let folder: string;
let file: string;
let server: Server;
let progress: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-transfer-'));
  file = join(folder, 'blob');
  writeFileSync(file, bytes);
  progress = [];
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

async function start(listener: RequestListener, idleMs?: number): Promise<BlobTransfer> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new BlobTransfer(new ServerClient(url, 'token', () => {}, { firstMs: 1, longestMs: 5 }), idleMs);
}

const upload = (transfer: BlobTransfer, signal = new AbortController().signal) =>
  transfer.upload({
    sha256,
    file,
    contentType: 'image/png',
    attempt: ATTEMPT,
    step: null,
    signal,
    onProgress: (sent) => progress.push(sent),
  });

/** A server of uploads. `onPiece` may answer a piece, or break the connection, before it is stored. */
function uploads(onPiece: (piece: number, request: IncomingMessage, response: ServerResponse) => boolean) {
  const received: Buffer[] = [];
  let pieces = 0;
  const size = () => received.reduce((sum, { length }) => sum + length, 0);
  const listener: RequestListener = async (request, response) => {
    if (request.method === 'POST') {
      response.writeHead(201, { location: LOCATION, 'upload-offset': String(size()) }).end();
      return;
    }
    if (onPiece(++pieces, request, response)) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    expect(Number(request.headers['upload-offset'])).toBe(size());
    received.push(Buffer.concat(chunks));
    response.writeHead(204, { 'upload-offset': String(size()) }).end();
  };
  return { listener, content: () => Buffer.concat(received), pieces: () => pieces };
}

it('sends a file in pieces, and tells how much the server has', async () => {
  const { listener, content } = uploads(() => false);
  await upload(await start(listener));
  expect(content().equals(bytes)).toBe(true);
  expect(progress).toEqual([0, 262_144, 700_000]);
});

it.each([
  ['a broken connection', (request: IncomingMessage) => void request.socket.destroy()],
  ['423', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(423).end('{"error": "locked"}')],
  ['409', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(409).end('{"error": "offset"}')],
  ['500', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(500).end()],
])('continues after %s, with smaller pieces', async (_, fail) => {
  const { listener, content } = uploads((piece, request, response) => {
    if (piece !== 2) return false;
    request.resume();
    fail(request, response);
    return true;
  });
  await upload(await start(listener));
  expect(content().equals(bytes)).toBe(true);
  expect(progress.slice(0, 3)).toEqual([0, 262_144, 262_144]);
  expect(progress[3]! - progress[2]!).toBeLessThan(700_000 - 262_144);
});

it.each([
  [400, '400'],
  [413, '413'],
])('gives up when the server refuses a piece with %i', async (status, code) => {
  const transfer = await start((request, response) => {
    request.resume().on('end', () => {
      if (request.method === 'POST') response.writeHead(201, { location: LOCATION, 'upload-offset': '0' }).end();
      else response.writeHead(status).end('{"error": "why"}');
    });
  });
  await expect(upload(transfer)).rejects.toMatchObject({ kind: 'refused', code });
});

it('gives up when the server refuses the announcement, and sends no bytes', async () => {
  const methods: string[] = [];
  const transfer = await start((request, response) => {
    methods.push(request.method!);
    response.writeHead(404).end('{"error": "why"}');
  });
  await expect(upload(transfer)).rejects.toMatchObject({ kind: 'refused', code: '404' });
  expect(methods).toEqual(['POST']);
});

it('sends a file again whose bytes were damaged on the way, but not one that is damaged itself', async () => {
  let refusals = 0;
  const received = uploads((piece, request, response) => {
    if (piece > 1 || refusals++ > 0) return false;
    request.resume().on('end', () => response.writeHead(460).end('{"error": "hash"}'));
    return true;
  });
  await upload(await start(received.listener));
  expect(received.content().equals(bytes)).toBe(true);
  server.closeAllConnections();
  server.close();

  writeFileSync(file, randomBytes(700_000));
  const always = uploads((_, request, response) => {
    request.resume().on('end', () => response.writeHead(460).end('{"error": "hash"}'));
    return true;
  });
  await expect(upload(await start(always.listener))).rejects.toThrow(`the file ${sha256} is damaged`);
});

it('tries again when nothing happens for too long, but has no limit on the total time', async () => {
  const { listener, content, pieces } = uploads((piece, request) => {
    if (piece !== 1) return false;
    // Reads it, and never answers.
    request.resume();
    return true;
  });
  await upload(await start(listener, 200));
  expect(content().equals(bytes)).toBe(true);
  expect(pieces()).toBeGreaterThan(2);
});

it('stops at once when it is aborted', async () => {
  const abort = new AbortController();
  const { listener } = uploads((_, request) => {
    request.resume();
    abort.abort(new Error('the test says so'));
    return true;
  });
  await expect(upload(await start(listener), abort.signal)).rejects.toThrow('the test says so');
});

const download = (transfer: BlobTransfer, to: string) =>
  transfer.download(sha256, bytes.length, to, () => new Error('too long'), new AbortController().signal);

it.each([
  ['breaks', (response: ServerResponse) => void response.destroy()],
  ['stops sending', () => {}],
])('receives the rest of a blob after a connection that %s', async (_, end) => {
  const ranges: (string | undefined)[] = [];
  const transfer = await start(({ headers: { range } }, response) => {
    ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const to = from + 300_000;
    const contentRange = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(range ? 206 : 200, {
      'content-length': String(bytes.length - from),
      ...(range && { 'content-range': contentRange }),
    });
    response.write(bytes.subarray(from, to), () => to < bytes.length && setTimeout(() => end(response), 50));
    if (to >= bytes.length) response.end();
  }, 300);
  const to = join(folder, 'received');
  await download(transfer, to);
  expect(readFileSync(to).equals(bytes)).toBe(true);
  const offsets = ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1]));
  expect(offsets.length).toBeGreaterThanOrEqual(3);
  expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  expect(ranges[0]).toBeUndefined();
});

it('begins again if the server knows no ranges', async () => {
  const transfer = await start((_request, response) => void response.end(bytes));
  const to = join(folder, 'received');
  writeFileSync(to, bytes.subarray(0, 1000));
  await download(transfer, to);
  expect(readFileSync(to).equals(bytes)).toBe(true);
});
