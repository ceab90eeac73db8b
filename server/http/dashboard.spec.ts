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
import { serveDashboard } from './dashboard.js';

/** A dashboard of two files: the one that is built may not exist yet. */
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-dashboard-'));
let server: Server;
const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<title>dashboard</title>');
  writeFileSync(join(folder, 'assets/index-1.js'), 'start()');
  const logger = createLogger('silent');
  const app = express();
  serveDashboard(app, folder);
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
  it.each(['/', '/runs/1', '/nowhere'])('is one page at every address: %s', async (path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([200, '<title>dashboard</title>']);
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
