import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { installedPostgres } from '../../server/database/postgres-files.js';
import { choosePostgresUser } from '../../server/database/postgres-user.js';
import type { Env } from '../../server/env.js';
import parts from '../install/parts.json' with { type: 'json' };
import { type Finding, messageOf, missing, ok } from './check.js';

const TIMEOUT_MS = 5000;
const SERVER_STAYS_DOWN = 'the server does not start';

export function postgres({ databaseUrl }: Env): Finding | Promise<Finding> {
  return databaseUrl ? givenPostgres(databaseUrl) : embeddedPostgres();
}

/** Names its host and database, but never its password. */
async function givenPostgres(databaseUrl: string): Promise<Finding> {
  const { host, pathname } = new URL(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: TIMEOUT_MS });
  // If the connection breaks, the query fails too and reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return ok(`PostgreSQL ${rows[0]!.server_version} at ${host}${pathname}`);
  } catch (error) {
    return missing(`${host}${pathname} (DATABASE_URL): ${messageOf(error) || 'the connection was refused'}`, {
      cost: SERVER_STAYS_DOWN,
      remedy: 'start it or correct DATABASE_URL; without DATABASE_URL, the server runs its own PostgreSQL',
    });
  } finally {
    await client.end().catch(() => {});
  }
}

function embeddedPostgres(): Finding {
  let directory: string;
  try {
    ({ directory } = installedPostgres());
  } catch (error) {
    return missing(messageOf(error).split(':')[0]!, parts.postgres);
  }
  const version = execFileSync(join(directory, 'bin/postgres'), ['--version'], { encoding: 'utf8', cwd: '/' }).trim();
  const user = choosePostgresUser();
  return ok(`embedded, ${version}${user ? `; runs as "${user.name}", because this is root` : ''}`);
}

/** Whether the server can listen, or one already does. */
export async function port({ host, port }: Env): Promise<Finding> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return ok(`${host}:${port} is free`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      const remedy = 'set HOST and PORT to an address of this machine';
      return missing(`${host}:${port}: ${messageOf(error)}`, { cost: SERVER_STAYS_DOWN, remedy });
    }
    const version = await crosscheckAt(host, port);
    if (version) return ok(`a Crosscheck server (${version}) answers at ${host}:${port}`);
    return missing(`another program is listening on ${host}:${port}`, {
      cost: `${SERVER_STAYS_DOWN} ("npm run demo" uses another port)`,
      remedy: 'stop that program, or set PORT to a free port (PORT=0: any)',
    });
  } finally {
    probe.close();
  }
}

/** The version of the Crosscheck server at this address; null if there is none. */
async function crosscheckAt(host: string, port: number): Promise<string | null> {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  const address = `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  try {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ server { version } }' }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { data } = (await response.json()) as { data?: { server?: { version?: string } } };
    return data?.server?.version ?? null;
  } catch {
    // Something else answers, or nothing.
    return null;
  }
}
