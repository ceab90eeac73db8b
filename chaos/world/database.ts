import pg from 'pg';
import { until } from '../../processes/until.js';

/** How long PostgreSQL may take to recover after it was killed. */
const RECOVERY_SECONDS = 60;

/** The database of a world. Every query is repeated until PostgreSQL is available, because it may be killed at any time. */
export class Database {
  private readonly pool: pg.Pool;

  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 4 });
    // Without a listener, a connection that PostgreSQL closes would end the process.
    this.pool.on('error', () => {});
  }

  /** The rows; none of several statements. @throws the error of a query that is wrong */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]> {
    return until('PostgreSQL to answer', RECOVERY_SECONDS, () => this.queryOnce<Row>(sql, values));
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Null if PostgreSQL is unavailable. */
  private async queryOnce<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[] | null> {
    try {
      const result: pg.QueryResult<Row> | pg.QueryResult[] = await this.pool.query<Row>(sql, values);
      return Array.isArray(result) ? [] : result.rows;
    } catch (error) {
      if (isUnavailable(error as pg.DatabaseError)) return null;
      throw error;
    }
  }
}

/** Whether PostgreSQL is down, starting, shutting down or recovering, and not: the query is wrong. */
function isUnavailable({ code, message }: pg.DatabaseError): boolean {
  if (code === undefined) return /terminated|closed/i.test(message);
  return /^(08|57P)/.test(code) || /^E[A-Z]+$/.test(code);
}
