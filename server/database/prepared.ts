import type pg from 'pg';
import type { DataSource } from 'typeorm';

/** A statement that each connection parses once. Its columns must be listed: their number must not change while a server runs. */
export interface Prepared {
  /** Unique among all statements of the server. */
  name: string;
  text: string;
}

/**
 * Runs a statement in a transaction of its own. PostgreSQL takes longer to plan a statement such as that of a claim than to
 * execute it, and keeps the plan of a prepared one. Another table or index makes it plan again.
 */
export async function queryPrepared<Row>(
  dataSource: DataSource,
  { name, text }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    const client = (await queryRunner.connect()) as pg.ClientBase;
    return (await client.query({ name, text, values })).rows as Row[];
  } finally {
    await queryRunner.release();
  }
}
