import pg from 'pg';
import { until } from '../../processes/until.js';

/** How long PostgreSQL may take to recover after it was killed. */
const RECOVERY_SECONDS = 60;

/** Reads the database. Each query has a connection of its own, because PostgreSQL may be killed at any time. */
export class Database {
  constructor(private readonly url: string) {}

  /** The rows, once PostgreSQL is available; none of several statements. @throws the error of a query that is wrong */
  query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return until('PostgreSQL to answer', RECOVERY_SECONDS, () => this.queryOnce<Row>(sql, values));
  }

  /** Null if PostgreSQL is unavailable. */
  private async queryOnce<Row extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<Row[] | null> {
    const client = new pg.Client({ connectionString: this.url });
    // Without a listener, a connection that PostgreSQL closes would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      const result: pg.QueryResult<Row> | pg.QueryResult[] = await client.query<Row>(sql, values);
      return Array.isArray(result) ? [] : result.rows;
    } catch (error) {
      if (isUnavailable(error as pg.DatabaseError)) return null;
      throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Whether PostgreSQL is down, starting, shutting down or recovering, and not: the query is wrong. */
function isUnavailable({ code, message }: pg.DatabaseError): boolean {
  if (code === undefined) return /terminated|closed/i.test(message);
  return /^(08|57P)/.test(code) || /^E[A-Z]+$/.test(code);
}
