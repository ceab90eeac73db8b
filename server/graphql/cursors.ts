import { refusal } from './errors.js';
import { isId } from './ids.js';
import { isSortKey, type KeyType } from './sort-keys.js';

/** A position in a sorted list: the row's sort key as text, and its id, which tells rows with equal keys apart. */
export interface Cursor {
  /** The sort order that the cursor belongs to. In another order, it would silently skip rows. */
  order: string;
  key: string;
  id: string;
}

/** The cursors of a list that is sorted one way. */
export interface CursorKind {
  /** Names the order. No other list with cursors of the same type may have it. */
  order: string;
  type: KeyType;
  /** Whether a text can be a key; by default, whether it is a value of the type. */
  isKey?: (key: string) => boolean;
  /** Whether a text can be the id of an item of the list; by default, whether it is a UUID. */
  isItem?: (id: string) => boolean;
}

export function encodeCursor({ order, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url');
}

/** Reads the cursor in the argument `name`. @throws BAD_USER_INPUT if it is not a cursor of this kind */
export function decodeCursor(
  name: 'after' | 'before',
  text: string,
  { order, type, isKey = (key) => isSortKey(key, type), isItem = isId }: CursorKind,
): Cursor {
  const source = name === 'after' ? 'endCursor' : 'startCursor';
  const invalid = refusal('CURSOR_INVALID', { field: name, value: text, source });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw invalid;
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw invalid;
  const [madeFor, key, id] = parts;
  if (madeFor !== order || typeof key !== 'string' || typeof id !== 'string') throw invalid;
  // Another list can have an order of the same name. Its keys have another type, and Postgres would fail to cast them.
  if (!isKey(key) || !isItem(id)) throw invalid;
  return { order, key, id };
}
