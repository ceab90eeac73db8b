import pg from 'pg';
import type { DataSource } from 'typeorm';

/** An arbitrary number. All servers that share a database must use the same one. */
const LOCK_KEY = 7_264_315;

/** Applies pending migrations. Servers that start at the same time wait for each other. */
export async function migrate(dataSource: DataSource, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'crosscheck migrations' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await client.end();
  }
}
