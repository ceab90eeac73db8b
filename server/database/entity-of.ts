import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { Transaction } from './transaction.js';

/** The entity of a row that a query of our own has returned, with all columns of its table under their names there. */
export function entityOf<Entity extends ObjectLiteral>(
  transaction: Transaction,
  target: EntityTarget<Entity>,
  row: object,
): Entity {
  const repository = transaction.getRepository(target);
  const entity = repository.create();
  for (const column of repository.metadata.columns) {
    column.setEntityValue(entity, (row as Record<string, unknown>)[column.databaseName]);
  }
  return entity;
}
