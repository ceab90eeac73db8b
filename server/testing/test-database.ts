import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDataSource } from '../database/data-source.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import { databaseUrl, onServer } from './postgres.global-setup.js';

const CLOSING_MS = 20_000;

export interface TestDatabase {
  readonly url: string;
  /** Connected. It is closed after the tests of the file. */
  readonly dataSource: DataSource;
}

/**
 * Creates a database for the test file. The file fails if it leaves a connection open.
 * @param migrated false for a database without tables
 */
export function testDatabase({ migrated = true } = {}): TestDatabase {
  const server = inject('postgresUrl');
  const template = inject('templateDatabase');
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  const url = databaseUrl(server, name);
  const dataSource = createDataSource({ url, entities: modules.entities, logger: createLogger('silent') });

  beforeAll(async () => {
    await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${migrated ? template : 'template1'}`);
    await dataSource.initialize();
  });

  afterAll(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    const leaked = await connectionsLeft(server, name);
    if (leaked.length > 0) throw new Error(`connections were left open by: ${leaked.join(', ')}`);
    if (inject('dropEarly')) await onServer(server, `DROP DATABASE ${name}`);
  });
  return { url, dataSource };
}

/** The connections that are still open, after a moment for Postgres to notice closed sockets. */
async function connectionsLeft(server: string, database: string): Promise<string[]> {
  const giveUpAt = Date.now() + CLOSING_MS;
  for (;;) {
    const rows = await onServer<{ who: string }>(
      server,
      `SELECT application_name || ': ' || query AS who FROM pg_stat_activity WHERE datname = '${database}'`,
    );
    if (rows.length === 0 || Date.now() > giveUpAt) return rows.map(({ who }) => who);
    await sleep(50);
  }
}
