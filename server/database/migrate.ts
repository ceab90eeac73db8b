import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** An arbitrary number. All servers that share a database must use the same one. */
const LOCK_KEY = 7_264_315;

/**
 * Applies pending migrations, on a connection without a limit on the time of a statement. Servers that start at the same time
 * wait for each other.
 */
export async function migrate(dataSource: DataSource, url: string): Promise<void> {
  const { extra, ...options } = dataSource.options as DataSourceOptions & { extra: object };
  // Migrations are plain SQL. Without entities, TypeORM does not build their metadata a second time.
  const patient = new DataSource({
    ...options,
    entities: [],
    extra: { ...extra, statement_timeout: 0 },
  } as DataSourceOptions);
  const client = new pg.Client({ connectionString: url, application_name: 'crosscheck migrations' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await patient.initialize();
    await patient.runMigrations({ transaction: 'each' });
  } finally {
    if (patient.isInitialized) await patient.destroy();
    await client.end();
  }
}
