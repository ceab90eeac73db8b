import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseLine } from '../testing/database-line.js';
import { testDatabase } from '../testing/test-database.js';
import { TestServer } from '../testing/test-server.js';

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
    // For a moment, it holds that the database was there.
    await expect.poll(() => probe(server.url, '/readyz')).toEqual(AWAY);
    await line.open();
    await expect.poll(() => probe(server.url, '/readyz')).toEqual(OK);
  });
});
