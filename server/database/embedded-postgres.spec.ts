import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../logger.js';
import { packageRoot } from '../package-root.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { postgresPlace } from './postgres-files.js';
import { choosePostgresUser } from './postgres-user.js';
import { isAlive } from './start-lock.js';

const logger = createLogger('silent');
let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-embedded-'));
  chmodSync(folder, 0o755);
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // The server may stop while we are connected.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterOf = (directory: string) =>
  Number(
    readFileSync(join(postgresPlace(directory, choosePostgresUser()).data, 'postmaster.pid'), 'utf8').split('\n')[0],
  );

/** The built server, in its own process. */
async function serverProcess(): Promise<ChildProcess> {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'info' };
  const server = spawn(process.execPath, [join(packageRoot, 'cli/crosscheck.mjs'), 'server'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  for await (const text of server.stderr!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes('Crosscheck is up')) return server;
  }
  throw new Error(output);
}

describe('the embedded Postgres', { timeout: 120_000 }, () => {
  it('keeps its data, asks for a password, uses UTF-8 and only listens on loopback', async () => {
    const first = await EmbeddedPostgres.start(dataDir, logger);
    await query(first.url, `CREATE TABLE kept AS SELECT 'größer' AS word`);
    const stranger = new URL(first.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await query(first.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(first.url, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    await first.stop();
    const second = await EmbeddedPostgres.start(dataDir, logger);
    expect(await query(second.url, 'SELECT upper(word) AS word FROM kept')).toEqual([{ word: 'GRÖßER' }]);
    await second.stop();
  });

  it('is created once by two processes that start at the same time', async () => {
    const joined = await Promise.all([1, 2].map(() => EmbeddedPostgres.startOrJoin(dataDir, logger)));
    expect(joined[0]!.url).toBe(joined[1]!.url);
    await Promise.all(joined.map((instance) => instance.stop()));
  });

  it('restarts after it was killed', async () => {
    const instance = await EmbeddedPostgres.start(dataDir, logger);
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    const answer = await vi.waitFor(() => query(instance.url, 'SELECT 1 AS one'), { timeout: 60_000 });
    expect(answer).toEqual([{ one: 1 }]);
    await instance.stop();
  });

  it('stops when its server is killed, and the next server can start', async () => {
    const server = await serverProcess();
    const postmaster = postmasterOf(dataDir);
    server.kill('SIGKILL');
    await once(server, 'exit');
    const next = await serverProcess();
    expect(isAlive(postmaster)).toBe(false);
    next.kill('SIGTERM');
    const [code] = await once(next, 'exit');
    expect(code).toBe(0);
    expect(existsSync(join(postgresPlace(dataDir, choosePostgresUser()).data, 'postmaster.pid'))).toBe(false);
  });

  it('reports what Postgres said if it does not start', async () => {
    const place = postgresPlace(dataDir, choosePostgresUser());
    mkdirSync(place.data, { recursive: true });
    writeFileSync(join(place.data, 'PG_VERSION'), '9.1\n');
    writeFileSync(place.passwordFile, 'x');
    await expect(EmbeddedPostgres.start(dataDir, logger)).rejects.toThrow(/did not start[\s\S]*postgres\.log/);
  });

  it.runIf(process.getuid?.() === 0)('works for root in a folder that nobody else can enter', async () => {
    const closed = join(folder, 'root-only');
    mkdirSync(closed, { mode: 0o700 });
    const instance = await EmbeddedPostgres.start(join(closed, 'checkout/.crosscheck'), logger);
    const { root } = postgresPlace(join(closed, 'checkout/.crosscheck'), choosePostgresUser());
    expect(await query(instance.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    expect(root.startsWith('/var/lib/crosscheck/')).toBe(true);
    await instance.stop();
    rmSync(root, { recursive: true });
  });
});
