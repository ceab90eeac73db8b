import { type PageArgs, type Slice, sliceOf } from '../../graphql/connection.js';
import type { Cursor } from '../../graphql/cursors.js';
import { accepts, type Position, type SortColumn } from './keyset.js';

/** The rows of a sorted list between two positions, from one of the two ends. */
export interface Range extends Pick<Slice, 'inclusive' | 'backward' | 'limit'> {
  after: Position | null;
  before: Position | null;
}

/** The cursor of a position. Its key is a list of the values. */
export function cursorOf(order: string, { values, id }: Position): Cursor {
  return { order, key: JSON.stringify(values), id };
}

/**
 * The slice of a list with this order and these columns that a page is made from.
 * @param isItem whether a text can be the id of an item; by default, whether it is a UUID
 * @throws BAD_USER_INPUT for an invalid page, and for cursors of other lists
 */
export function checkedSlice(
  args: PageArgs,
  order: string,
  columns: readonly SortColumn[],
  isItem?: (id: string) => boolean,
): Slice {
  const isKey = (key: string) => accepts(columns, parsed(key));
  return sliceOf(args, { order, type: 'text', isKey, ...(isItem && { isItem }) });
}

/** The positions of a slice whose cursors are checked, or were made here. */
export function rangeOf({ after, before, ...slice }: Slice): Range {
  return { ...slice, after: after && positionAt(after), before: before && positionAt(before) };
}

const positionAt = ({ key, id }: Cursor): Position => ({ values: JSON.parse(key) as (string | null)[], id });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
