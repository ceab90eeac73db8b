import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMask } from '../graphql/masking.js';
import { createLogger } from '../logger.js';
import { answerError } from './answers.js';
import { pageNotFound, serveDashboard } from './dashboard.js';

/** A dashboard of two files: the one that is built may not exist yet. */
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-dashboard-'));
let server: Server;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers });
/** What Chromium sends when it opens a page. */
const OPENS = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<script src="./assets/index-1.js">');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-1.js'), 'start()');
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
