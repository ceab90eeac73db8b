import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Any number, as long as all servers on a database use the same. */
const LOCK_KEY = 7_264_315;

/** Applies what is missing; servers that start together wait for one another. */
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
