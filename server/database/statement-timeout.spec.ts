import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import { testDatabase } from '../testing/test-database.js';
import { TestServer } from '../testing/test-server.js';
import { createDataSource } from './data-source.js';
import { migrate } from './migrate.js';
import { isStatementTimeout } from './statement-timeout.js';
import { inTransaction, withoutTimeLimit } from './transaction.js';

const database = testDatabase();
const server = new TestServer(database, { statementSeconds: 0.3 });
const limited = createDataSource({
  url: database.url,
  entities: modules.entities,
  logger: createLogger('silent'),
  statementSeconds: 0.3,
});

beforeAll(async () => {
  await server.start();
  await limited.initialize();
});
afterAll(async () => {
  await limited.destroy();
  await server.stop();
});

const failureOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);

describe('a statement that takes too long', () => {
  it('is canceled, and the client is told what to do', async () => {
    // Reading a view that sleeps takes as long as reading far too many rows.
    await database.dataSource.query('ALTER TABLE runs RENAME TO elsewhere');
    await database.dataSource.query('CREATE VIEW runs AS SELECT elsewhere.* FROM elsewhere, pg_sleep(20)');
    try {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ runs { totalCount } }' }),
      });
      expect(response.status).toBe(503);
      const { errors } = (await response.json()) as { errors: unknown[] };
      expect(errors[0]).toMatchObject({
        message: expect.stringMatching(/took too long.*ask for less at once.*STATEMENT_SECONDS/),
        extensions: { code: 'TIMEOUT' },
      });
    } finally {
      await database.dataSource.query('DROP VIEW runs');
      await database.dataSource.query('ALTER TABLE elsewhere RENAME TO runs');
    }
  });

  it('is told apart from one that an administrator canceled, and from other failures', async () => {
    expect(isStatementTimeout(await failureOf(limited.query('SELECT pg_sleep(20)')))).toBe(true);
    expect(isStatementTimeout(await failureOf(limited.query('SELECT nothing')))).toBe(false);
    const canceled = failureOf(database.dataSource.query('SELECT pg_sleep(21)'));
    const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE query = 'SELECT pg_sleep(21)' AND state = 'active' AND datname = current_database()`;
    await expect.poll(async () => (await database.dataSource.query(cancel)).length, { timeout: 15_000 }).toBe(1);
    expect(await canceled).toMatchObject({ code: '57014' });
    expect(isStatementTimeout(await canceled)).toBe(false);
  });

  it('may continue in a deletion', async () => {
    await inTransaction(limited, async (transaction) => {
      await withoutTimeLimit(transaction);
      await transaction.query('SELECT pg_sleep(0.6)');
    });
    expect(await limited.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '300ms' }]);
  });

  it('may continue in a migration', async () => {
    class Slow9000000000000 {
      up = (runner: { query(sql: string): Promise<unknown> }) => runner.query('SELECT pg_sleep(0.6)');
      down = async () => {};
    }
    const slow = createDataSource({
      url: database.url,
      entities: modules.entities,
      logger: createLogger('silent'),
      statementSeconds: 0.3,
    });
    slow.setOptions({ migrations: [...(slow.options.migrations as []), Slow9000000000000] });
    await slow.initialize();
    try {
      await migrate(slow, database.url);
      const [{ name }] = await slow.query('SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1');
      expect(name).toBe('Slow9000000000000');
    } finally {
      await slow.destroy();
    }
  });
});
