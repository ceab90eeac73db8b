import { type Cursor, decodeCursor } from '../../graphql/connection.js';
import { badUserInput } from '../../graphql/errors.js';
import { shown } from '../../graphql/texts.js';
import { accepts, type Position, type SortColumn } from './keyset.js';

/** The cursor of a position. Its key is a list of the values. */
export function cursorOf(order: string, { values, id }: Position): Cursor {
  return { order, key: JSON.stringify(values), id };
}

/**
 * Reads a cursor of a list with this order and these columns.
 * @param isItem whether a text can be the id of an item; by default, whether it is a UUID
 * @throws BAD_USER_INPUT for anything else
 */
export function positionOf(
  text: string,
  order: string,
  columns: readonly SortColumn[],
  isItem?: (id: string) => boolean,
): Position {
  const { key, id } = decodeCursor(text, order, 'text', isItem);
  const values = parsed(key);
  if (accepts(columns, values)) return { values, id };
  throw badUserInput(`after: ${shown(text)} is not a cursor of this list in this order; pass pageInfo.endCursor`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
