import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../server/database/embedded-postgres.js';
import { createLogger } from '../../server/logger.js';

/** A PostgreSQL of the bench, which the server under test uses too. */
export class BenchDatabase {
  private constructor(
    private readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
    readonly pool: pg.Pool,
  ) {}

  static async start(): Promise<BenchDatabase> {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-bench-'));
    const postgres = await EmbeddedPostgres.start(folder, createLogger('warn'));
    return new BenchDatabase(folder, postgres, new pg.Pool({ connectionString: postgres.url, max: 8 }));
  }

  get url(): string {
    return this.postgres.url;
  }

  async query<Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, parameters)).rows;
  }

  /** Bytes of write-ahead log so far. */
  async wal(): Promise<number> {
    const [row] = await this.query<{ bytes: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes`,
    );
    return Number(row!.bytes);
  }

  async close(): Promise<void> {
    // A connection may still be closing when PostgreSQL stops, and is told so.
    this.pool.on('error', () => {});
    await this.pool.end();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true });
  }
}
