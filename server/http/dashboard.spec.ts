import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, get as request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMask } from '../graphql/masking.js';
import { createLogger } from '../logger.js';
import { answerError } from './answers.js';
import { pageNotFound, serveDashboard } from './dashboard.js';

/** A dashboard of two files: the one that is built may not exist yet. */
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-dashboard-'));
const LARGE = 'main { color: teal }\n'.repeat(100);
let server: Server;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers });
/** An answer as it was sent. */
async function raw(path: string, headers: Record<string, string>) {
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, path, headers });
  const [response] = (await once(sent, 'response')) as [AsyncIterable<Buffer> & Answer];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) };
}

interface Answer {
  statusCode: number;
  headers: IncomingHttpHeaders;
}

/** What Chromium sends when it opens a page. */
const OPENS = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<script src="./assets/index-1.js">');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-1.js'), 'start()');
  writeFileSync(join(folder, 'assets/large-2.css'), LARGE);
  writeFileSync(join(folder, 'assets/large-2.css.br'), brotliCompressSync(LARGE));
  writeFileSync(join(folder, 'assets/large-2.css.gz'), gzipSync(LARGE));
  const logger = createLogger('silent');
  const app = express();
  serveDashboard(app, folder);
  app.use(pageNotFound);
  app.use(answerError(logger, createMask(logger)));
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

describe('the dashboard', () => {
  it.each([
    ['/', './'],
    ['/?state=FAILED', './'],
    ['/new', './'],
    ['/graphiql', './'],
    ['/runs/1', '../'],
    ['/runs/1/', '../../'],
    ['/studies/1?x=/a/b', '../'],
  ])('is one document at the address of every page, with links from there: %s', async (path, toRoot) => {
    for (const headers of [{}, OPENS]) {
      const response = await get(path, headers);
      expect([response.status, await response.text()]).toEqual([200, `<script src="${toRoot}assets/index-1.js">`]);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it.each(['/nowhere', '/runs', '/runs/1/nothing', '/livez', '/healthz', '/index.html'])(
    'is not found at other addresses, in a form that a browser shows and a program reads: %s',
    async (path) => {
      const shown = await get(path, OPENS);
      expect(shown.status).toBe(404);
      expect(await shown.text()).toMatch(/^<script src="(\.\/|(\.\.\/)+)assets\/index-1\.js">$/);
      for (const headers of [{}, { accept: 'application/json' }] as Record<string, string>[]) {
        const read = await get(path, headers);
        expect(read.status).toBe(404);
        expect(await read.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      }
    },
  );

  it('has an icon', async () => {
    expect(await (await get('/favicon.svg')).text()).toBe('<svg/>');
  });

  it('lets browsers keep its assets, whose names change with their content', async () => {
    const response = await get('/assets/index-1.js');
    expect([response.status, await response.text()]).toEqual([200, 'start()']);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])(
    'sends an asset as the build has compressed it: to a browser that accepts %s, as %s',
    async (accepted, encoding) => {
      // fetch would decompress it, and forget how long it was.
      const { headers, body } = await raw('/assets/large-2.css', { 'accept-encoding': accepted });
      expect(headers['content-encoding'] ?? null).toBe(encoding);
      expect(headers['content-type']).toBe('text/css; charset=utf-8');
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers.vary).toBe('Accept-Encoding');
      const text = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
      expect(String(text)).toBe(LARGE);
      expect(body.length).toBeLessThan(encoding ? 100 : 10_000);
    },
  );

  it('answers a range and an unchanged asset as a static file', async () => {
    const { headers } = await raw('/assets/large-2.css', { 'accept-encoding': 'br' });
    const again = await raw('/assets/large-2.css', { 'accept-encoding': 'br', 'if-none-match': headers.etag! });
    expect(again.status).toBe(304);
    const part = await raw('/assets/large-2.css', { range: 'bytes=0-3' });
    expect([part.status, String(part.body)]).toEqual([206, 'main']);
  });

  it.each(['/assets/none.js', `/assets/${'x'.repeat(5000)}`, '/assets/..%2f..%2fetc/passwd'])(
    'does not name its folder when an asset is missing: %s',
    async (path) => {
      const response = await get(path);
      const text = await response.text();
      expect(response.status).toBe(404);
      expect(JSON.parse(text).errors).toHaveLength(1);
      expect(text).not.toContain(folder);
      expect(text.length).toBeLessThan(500);
    },
  );
});
