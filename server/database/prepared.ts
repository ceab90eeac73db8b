import pg from 'pg';
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

/** Which statements a connection has prepared for `queryPreparedTogether`. */
const preparedTogether = new WeakMap<pg.ClientBase, Set<string>>();

/**
 * Runs a statement once for each list of values, one after the other, in one transaction and one round trip. Returns the rows of each.
 * Values are texts that PostgreSQL converts to the types of the statement's parameters.
 */
export async function queryPreparedTogether<Row>(
  dataSource: DataSource,
  { name: alone, text }: Prepared,
  lists: readonly (readonly (string | number | null)[])[],
): Promise<Row[][]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    const client = (await queryRunner.connect()) as pg.ClientBase;
    const name = pg.escapeIdentifier(`${alone} together`);
    const known = preparedTogether.get(client) ?? new Set();
    if (!known.has(name)) await client.query(`PREPARE ${name} AS ${text}`);
    preparedTogether.set(client, known.add(name));
    // Without BEGIN, the statements of one message are one transaction.
    const results = await client.query(lists.map((values) => `EXECUTE ${name} (${values.map(literal)})`).join(';'));
    return ([results].flat() as pg.QueryResult[]).map(({ rows }) => rows as Row[]);
  } finally {
    await queryRunner.release();
  }
}

const literal = (value: string | number | null) => (value === null ? 'NULL' : pg.escapeLiteral(String(value)));

async function ask<Row>(queryRunner: QueryRunner, { name, text }: Prepared, values: unknown[]): Promise<Row[]> {
  const client = (await queryRunner.connect()) as pg.ClientBase;
  const result = await client.query({ name, text, values });
  const { broadcaster, dataSource } = queryRunner;
  // Tests count the statements that subscribers hear of.
  if (dataSource.subscribers.length > 0) {
    await broadcaster.broadcast('AfterQuery', text, values, true, undefined, result, undefined);
  }
  return result.rows as Row[];
}
