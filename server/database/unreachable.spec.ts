import { QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createLogger } from '../logger.js';
import { DatabaseLine } from '../testing/database-line.js';
import { testDatabase } from '../testing/test-database.js';
import { type TestRunner, TestServer } from '../testing/test-server.js';
import { createDataSource, POOL_SIZE } from './data-source.js';
import { DATABASE_AWAY, isDatabaseAway } from './unreachable.js';

const database = testDatabase();
const line = new DatabaseLine(database.url);
const server = new TestServer(database, {});
let runner: TestRunner;

beforeAll(async () => {
  await line.open();
  await server.start({ databaseUrl: line.url });
  runner = await server.registerRunner();
});
afterAll(async () => {
  await server.stop();
  await line.cut();
});

async function post(query: string, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, body: await response.json() };
}

async function blob(method: 'GET' | 'PUT') {
  const response = await fetch(`${server.url}/blobs/${'a'.repeat(64)}`, {
    method,
    headers: { authorization: `Bearer ${runner.token}`, 'content-type': 'image/png' },
    ...(method === 'PUT' && { body: 'bytes' }),
  });
  return { status: response.status, text: await response.text() };
}

function closeCode(): Promise<number> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const payload = { authorization: `Bearer ${runner.token}` };
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  return new Promise((resolve) => socket.on('close', resolve));
}

describe('while the database is unavailable', () => {
  beforeAll(() => line.cut());
  afterAll(() => line.open());

  const unavailable = { errors: [{ message: DATABASE_AWAY, extensions: { code: 'SERVICE_UNAVAILABLE' } }] };

  it('an operation gets 503, whether it fails at the token or later', async () => {
    expect(await post('{ runs { totalCount } }')).toMatchObject({ status: 503, body: unavailable });
    expect(await post('mutation { claimRun { fence } }', runner.token)).toMatchObject({
      status: 503,
      body: unavailable,
    });
  });

  it('a request that is rejected without the database is still rejected', async () => {
    expect(await post('mutation { claimRun { fence } }')).toMatchObject({
      status: 200,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });

  it('blobs can be neither uploaded nor downloaded: 503', async () => {
    for (const method of ['PUT', 'GET'] as const) {
      expect(await blob(method)).toEqual({ status: 503, text: expect.stringContaining(DATABASE_AWAY) });
    }
  });

  it('a socket is closed with "try again later"', async () => {
    expect(await closeCode()).toBe(1013);
  });
});

describe('when the database is available again', () => {
  it('everything works again', async () => {
    expect(await post('{ runs { totalCount } }')).toMatchObject({ status: 200 });
    expect(await runner.claim()).toBeNull();
    // Not one of its checkpoints.
    expect(await blob('GET')).toMatchObject({ status: 403 });
  });
});

describe('an error', () => {
  const failureOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);

  it('from an invalid statement, or for a missing file, does not mean that the database is unavailable', async () => {
    expect(isDatabaseAway(await failureOf(database.dataSource.query('SELECT nothing')))).toBe(false);
    expect(isDatabaseAway(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
    expect(isDatabaseAway(null)).toBe(false);
  });

  it('from a connection that Postgres closes during a query does', async () => {
    const failure = failureOf(database.dataSource.query('SELECT pg_sleep(20)'));
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE query = 'SELECT pg_sleep(20)' AND state = 'active' AND datname = current_database()`;
    await vi.waitFor(async () => expect(await database.dataSource.query(end)).toHaveLength(1), { timeout: 15_000 });
    expect(await failure).toMatchObject({ code: '57P01' });
    expect(isDatabaseAway(await failure)).toBe(true);
  });

  it('from a wait for a connection while all are in use does', async () => {
    const parts = { url: database.url, entities: [], logger: createLogger('silent'), connectionSeconds: 0.2 };
    const busy = await createDataSource(parts).initialize();
    const runners = Array.from({ length: POOL_SIZE }, () => busy.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.connect()));
    const failure = await failureOf(busy.query('SELECT 1'));
    await Promise.all(runners.map((runner) => runner.release()));
    expect(isDatabaseAway(failure)).toBe(true);
    expect(await busy.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await busy.destroy();
  });

  it('from a transaction whose connection TypeORM has released, as it does when it breaks, does', async () => {
    const runner = database.dataSource.createQueryRunner();
    await runner.connect();
    await runner.release();
    const failure = await failureOf(runner.manager.query('SELECT 1'));
    expect(failure).toBeInstanceOf(QueryRunnerProviderAlreadyReleasedError);
    expect(isDatabaseAway(failure)).toBe(true);
  });
});
