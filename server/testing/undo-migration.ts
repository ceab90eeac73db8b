import type { DataSource } from 'typeorm';

/** Reverts the migration with this class name, and all later ones. */
export async function undoMigration(dataSource: DataSource, name: string): Promise<void> {
  const applied = async () =>
    (await dataSource.query('SELECT FROM migrations WHERE name LIKE $1', [`${name}%`])).length > 0;
  while (await applied()) await dataSource.undoLastMigration();
}
