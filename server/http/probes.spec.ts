import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseLine } from '../testing/database-line.js';
import { testDatabase } from '../testing/test-database.js';
import { TestServer } from '../testing/test-server.js';
import { probesRouter } from './probes.router.js';

async function probe(url: string, path: string) {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

const OK = { status: 200, body: { status: 'ok' } };
const AWAY = { status: 503, body: { status: 'the database is unavailable' } };

describe('the probes of a server', () => {
  const database = testDatabase();
  const line = new DatabaseLine(database.url);
  const server = new TestServer(database, { authRequired: true });
  beforeAll(async () => {
    await line.open();
    await server.start({ databaseUrl: line.url });
  });
  afterAll(async () => {
    await server.stop();
    await line.cut();
  });

  it('need no token: the server is alive with and without its database, and ready only with it', async () => {
    expect(await probe(server.url, '/livez')).toEqual(OK);
    expect(await probe(server.url, '/readyz')).toEqual(OK);
    await line.cut();
    expect(await probe(server.url, '/livez')).toEqual(OK);
    expect(await probe(server.url, '/readyz')).toEqual(AWAY);
    await line.open();
    await expect.poll(() => probe(server.url, '/readyz')).toEqual(OK);
  });
});

describe('/readyz', () => {
  let server: Server;
  /** What ends each query. */
  const hanging: (() => void)[] = [];
  let hangs = true;
  const query = () => new Promise<void>((resolve) => (hangs ? hanging.push(resolve) : resolve()));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    server = express()
      .use(probesRouter({ query } as never, 50))
      .listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('does not wait for a database that hangs, asks it once however many ask, and is ready when it answers', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => probe(url(), '/readyz')));
    for (const each of [...all, await probe(url(), '/readyz')]) expect(each).toEqual(AWAY);
    expect(hanging).toHaveLength(1);
    hangs = false;
    hanging[0]!();
    await expect.poll(() => probe(url(), '/readyz')).toEqual(OK);
  });
});
