import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { testDatabase } from '../testing/test-database.js';

const database = testDatabase();

describe('the schema', () => {
  it('that the migrations create is the one that the entities describe', async () => {
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
