import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Transaction } from './transaction.js';

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
  statement: Prepared,
  values: unknown[],
): Promise<Row[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await ask(queryRunner, statement, values);
  } finally {
    await queryRunner.release();
  }
}

/** The same within the caller's transaction. */
export function queryPreparedIn<Row>(transaction: Transaction, statement: Prepared, values: unknown[]): Promise<Row[]> {
  return ask(transaction.queryRunner!, statement, values);
}

async function ask<Row>(queryRunner: QueryRunner, { name, text }: Prepared, values: unknown[]): Promise<Row[]> {
  const client = (await queryRunner.connect()) as pg.ClientBase;
  return (await client.query({ name, text, values })).rows as Row[];
}
