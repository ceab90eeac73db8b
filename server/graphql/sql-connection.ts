import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Connection, type PageArgs, type Row, type Slice, sliceOf, toConnection } from './connection.js';
import type { CursorKind } from './cursors.js';

/** How the rows of a query are sorted. */
export interface RowOrder extends CursorKind {
  direction: 'ASC' | 'DESC';
  /** An SQL expression that is never null. In parentheses, unless TypeORM may take it for the name of a property. */
  expression: string;
  /** The column that tells rows with equal expressions apart, a UUID; null if there are none. */
  id: string | null;
}

/** A cursor has a UUID after its key. A list whose keys are unique needs none. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/**
 * A page of the rows that the query finds. Every page costs the same, because it begins at a key and not after a number of rows.
 * @throws BAD_USER_INPUT for an invalid page
 */
export async function sqlConnection<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  order: RowOrder,
  args: PageArgs,
): Promise<Connection<Entity>> {
  const slice = sliceOf(args, order);
  const totalCount = await query.getCount();
  const rows = await rowsOf(query.clone(), order, slice);
  return toConnection(rows, slice, totalCount, async (other) => {
    return (await rowsOf(query.clone(), order, other)).length > 0;
  });
}

async function rowsOf<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  { order, expression, type, id, direction }: RowOrder,
  { after, before, inclusive, backward, limit }: Slice,
): Promise<Row<Entity>[]> {
  const forwards = direction === 'ASC';
  const position = id === null ? `${expression}` : `(${expression}, ${id})`;
  const bound = (name: string) => (id === null ? `:${name}Key::${type}` : `(:${name}Key::${type}, :${name}Id::uuid)`);
  const sign = (later: boolean) => `${later === forwards ? '>' : '<'}${inclusive ? '=' : ''}`;
  if (after) {
    query.andWhere(`${position} ${sign(true)} ${bound('after')}`, { afterKey: after.key, afterId: after.id });
  }
  if (before) {
    query.andWhere(`${position} ${sign(false)} ${bound('before')}`, { beforeKey: before.key, beforeId: before.id });
  }
  const sorted = forwards === backward ? 'DESC' : 'ASC';
  // As text, because a JavaScript date would lose the microseconds that tell rows apart.
  query.addSelect(`(${expression})::text`, 'sort_key');
  // Sorted by an alias, because TypeORM's orderBy would take the expression for a property name.
  query.addSelect(`(${expression})`, 'sort_value').orderBy('sort_value', sorted);
  if (id !== null) query.addOrderBy(id, sorted);
  const { entities, raw } = await query.limit(limit).getRawAndEntities<{ sort_key: string }>();
  return entities.map((node, i) => {
    return { node, cursor: { order, key: raw[i]!.sort_key, id: id === null ? NO_ID : (node.id as string) } };
  });
}
