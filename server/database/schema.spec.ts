import type { DataSource } from 'typeorm';
import { describe, expect, it, vi } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { testDatabase } from '../testing/test-database.js';

const database = testDatabase();

/**
 * TypeORM's schema builder sends several queries at once on one connection, which pg warns about and will refuse in its next
 * version. This lets them wait for each other.
 */
function queryInTurn(dataSource: DataSource): void {
  const runner = dataSource.createQueryRunner();
  const query = runner.query.bind(runner);
  let last: Promise<unknown> = Promise.resolve();
  runner.query = (sql: string, ...rest: unknown[]) => {
    const answer = last.then(() => query(sql, ...(rest as [])));
    last = answer.catch(() => {});
    return answer;
  };
  vi.spyOn(dataSource, 'createQueryRunner').mockReturnValue(runner);
}

describe('the schema', () => {
  it('that the migrations create is the one that the entities describe', async () => {
    queryInTurn(database.dataSource);
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can be reverted and created again', async () => {
    const { dataSource } = database;
    for (const _ of migrations) await dataSource.undoLastMigration();
    const left = await dataSource.query<{ name: string }[]>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
    );
    expect(left).toEqual([]);
    expect(await dataSource.runMigrations()).toHaveLength(migrations.length);
  });
});
