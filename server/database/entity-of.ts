import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';

/** The columns of an entity's table, for a statement of our own: `run.id, run.number, …`. */
export function columnsOf(dataSource: DataSource, target: EntityTarget<ObjectLiteral>, table: string): string {
  return dataSource
    .getMetadata(target)
    .columns.map(({ databaseName }) => `${table}.${databaseName}`)
    .join(', ');
}

/** The entity of a row with these columns. */
export function entityOf<Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  row: object,
): Entity {
  const repository = dataSource.getRepository(target);
  const entity = repository.create();
  for (const column of repository.metadata.columns) {
    column.setEntityValue(entity, (row as Record<string, unknown>)[column.databaseName]);
  }
  return entity;
}
