import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllowedHost } from '../../files/allowed-hosts.js';
import { download } from './download.js';

const CONTENT = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) ^ (i >> 8)));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A process id that cannot exist on this machine: it is above the kernel's maximum. */
const GONE = 2 ** 22 + 1;

let server: Server;
let url: string;
let folder: string;
let file: string;
let requests: IncomingMessage[];
let lines: string[];
let maxBytes: number;
/**
 * The content and ETag of the server's file, and for each request the byte count after which it breaks off and its
 * status.
 */
let served: { content: Buffer; etag: string | null; breakAfter: number[]; statuses: number[]; announced?: boolean };

/** An ordinary file server with If-Range and Range, as specified in RFC 9110. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  const { content, etag } = served;
  const status = served.statuses.shift() ?? 200;
  if (status !== 200) return void response.writeHead(status).end();
  const [, asked] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const from = asked !== undefined && request.headers['if-range'] === etag ? Number(asked) : 0;
  if (etag) response.setHeader('etag', etag);
  if (from >= content.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  }
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  const length = served.announced === false ? {} : { 'content-length': content.length - from };
  response.writeHead(from > 0 ? 206 : 200, { ...length, ...(from > 0 && range) });
  const breakAfter = served.breakAfter.shift();
  if (breakAfter === undefined) return void response.end(content.subarray(from));
  response.write(content.subarray(from, from + breakAfter));
  // Bytes that the client has not stored may be lost when the connection breaks.
  void vi
    .waitFor(() => expectStored(from + breakAfter), { timeout: 20_000, interval: 5 })
    .then(() => response.destroy());
}

/** Rejects unless this process has stored exactly this many bytes of the file. */
async function expectStored(bytes: number): Promise<void> {
  expect((await stat(`${file}.${hostname()}.${process.pid}.partial`)).size).toBe(bytes);
}

beforeEach(async () => {
  requests = [];
  lines = [];
  maxBytes = CONTENT.length;
  served = { content: CONTENT, etag: '"one"', breakAfter: [], statuses: [] };
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.safetensors`;
  folder = await mkdtemp(join(tmpdir(), 'crosscheck-weights-'));
  file = join(folder, 'weights.safetensors');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const fetchIt = (expected: string | null = sha256(CONTENT)) =>
  download({
    url,
    file,
    sha256: expected,
    hosts: hosts(),
    maxBytes,
    log: (line) => lines.push(line),
    pausesMs: [1, 1],
  });
const hosts = () => [parseAllowedHost(new URL(url).host)];
/** The range of each request; null for the whole file. */
const ranges = () => requests.map(({ headers }) => headers.range ?? null);

describe('download', () => {
  it('resumes where the connection broke, and asks for the rest of the same version', async () => {
    served.breakAfter = [100_000, 50_000];
    await fetchIt();
    expect(ranges()).toEqual([null, 'bytes=100000-', 'bytes=150000-']);
    expect(requests[1]!.headers['if-range']).toBe('"one"');
    expect((await readFile(file)).equals(CONTENT)).toBe(true);
    expect(await readdir(folder)).toEqual(['weights.safetensors']);
    expect(lines[0]).toContain('was interrupted after 100000 bytes');
  });

  it('resumes the download of a process that has exited, and does not touch that of a running one', async () => {
    served.breakAfter = [70_000, 1, 1];
    await expect(fetchIt()).rejects.toThrow('cannot download');
    const [left] = (await readdir(folder)).filter((name) => name.endsWith('.partial'));
    const named = (pid: number) => join(folder, `weights.safetensors.${hostname()}.${pid}.partial`);
    await rename(join(folder, left!), named(GONE));
    await rename(join(folder, `${left}.version`), `${named(GONE)}.version`);
    await writeFile(named(process.ppid), 'of a running process');
    requests = [];
    served.breakAfter = [];
    await fetchIt();
    expect(ranges()).toEqual(['bytes=70002-']);
    expect((await readFile(file)).equals(CONTENT)).toBe(true);
    expect(await readFile(named(process.ppid), 'utf8')).toBe('of a running process');
  });

  it('starts over when the file has changed in the meantime or has no version', async () => {
    served.breakAfter = [100_000, 1, 1];
    await expect(fetchIt()).rejects.toThrow('cannot download');
    const changed = Buffer.from(CONTENT.map((byte) => byte ^ 255));
    served = { content: changed, etag: '"two"', breakAfter: [], statuses: [] };
    await fetchIt(sha256(changed));
    expect((await readFile(file)).equals(changed)).toBe(true);

    requests = [];
    served = { content: CONTENT, etag: null, breakAfter: [100_000], statuses: [] };
    await fetchIt();
    expect(ranges()).toEqual([null, null]);
    expect((await readFile(file)).equals(CONTENT)).toBe(true);
  });

  it('starts over after a reboot: a power cut may have left zeros in the partial file', async () => {
    const partial = `${file}.${hostname()}.${GONE}.partial`;
    await writeFile(partial, Buffer.alloc(1000));
    await writeFile(`${partial}.version`, '"one"');
    const beforeBoot = Date.now() / 1000 - uptime() - 60;
    await utimes(partial, beforeBoot, beforeBoot);
    await fetchIt();
    expect(ranges()).toEqual([null]);
    expect((await readFile(file)).equals(CONTENT)).toBe(true);
  });

  it('finishes a complete download that was not renamed', async () => {
    await fetchIt();
    const partial = `${file}.${hostname()}.${GONE}.partial`;
    await rename(file, partial);
    await writeFile(`${partial}.version`, '"one"');
    requests = [];
    await fetchIt();
    expect(ranges()).toEqual([`bytes=${CONTENT.length}-`]);
    expect((await readFile(file)).equals(CONTENT)).toBe(true);
  });

  it('removes partial files that other machines started more than a day ago, and no others', async () => {
    const other = 'weights.safetensors.4f2a.7.partial';
    const old = 'weights.safetensors.9c1d.7.partial';
    for (const name of [other, old, `${old}.version`]) await writeFile(join(folder, name), 'begun');
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(join(folder, old), yesterday, yesterday);
    await fetchIt();
    expect((await readdir(folder)).sort()).toEqual(['weights.safetensors', other]);
  });

  it.each([503, 429])('keeps the bytes so far while the server is busy (%i)', async (status) => {
    served.breakAfter = [100_000];
    served.statuses = [200, status];
    await fetchIt();
    expect(ranges()).toEqual([null, 'bytes=100000-', 'bytes=100000-']);
  });

  it('gives up immediately when the server refuses', async () => {
    served.statuses = [404];
    await expect(fetchIt()).rejects.toThrow(`cannot download ${url}: the server answered 404 Not Found`);
    expect(requests).toHaveLength(1);
  });

  it.each([true, false])(
    'stops at the largest size that is accepted (announced: %s), and keeps nothing',
    async (announced) => {
      maxBytes = CONTENT.length - 1;
      served.announced = announced;
      await expect(fetchIt()).rejects.toThrow(`cannot download ${url}: it has more than ${maxBytes} bytes`);
      expect(requests).toHaveLength(1);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('counts the bytes of an earlier part', async () => {
    served.breakAfter = [100_000];
    served.announced = false;
    maxBytes = 299_999;
    await expect(fetchIt()).rejects.toThrow(`it has more than ${maxBytes} bytes`);
    expect(ranges()).toEqual([null, 'bytes=100000-']);
  });

  it('refuses a file with the wrong SHA-256, names both, and keeps nothing', async () => {
    const wanted = 'a'.repeat(64);
    await expect(fetchIt(wanted)).rejects.toThrow(`has the SHA-256 ${sha256(CONTENT)}, expected ${wanted}`);
    expect(await readdir(folder)).toEqual([]);
  });
});
