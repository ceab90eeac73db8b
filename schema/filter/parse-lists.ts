import { Fields } from './parse-fields.js';
import { printField } from './print.js';
import { Reader } from './reader.js';
import { filterMistake } from './reasons.js';
import { FilterError, type FilterField, type SortKey } from './tree.js';

/** A field, and where it begins in its text, counted from 1. */
export interface ParsedField {
  field: FilterField;
  character: number;
}

/**
 * Parses one field, such as `network.width` or `iou("traffic light")`. Names are not looked up (check-fields.ts).
 * @throws FilterError with the character at which the text is wrong
 */
export function parseField(text: string): ParsedField {
  const [only, ...more] = list(text, false);
  if (more.length > 0) throw new FilterError(filterMistake('SEVERAL_FIELDS', {}), more[0]!.character);
  return { field: only!.field, character: only!.character };
}

/** Parses fields with commas between them. @throws FilterError */
export function parseFields(text: string): ParsedField[] {
  return list(text, false).map(({ field, character }) => ({ field, character }));
}

/** Parses what runs are sorted by, such as `iou("pole") desc, training.iterations`. @throws FilterError */
export function parseSort(text: string): (ParsedField & SortKey)[] {
  return list(text, true);
}

/** The inverse of `parseSort`. */
export function printSort(keys: readonly SortKey[]): string {
  return keys.map(({ field, descending }) => printField(field) + (descending ? ' desc' : '')).join(', ');
}

/** field , [ "asc" | "desc" ] , { "," , field , [ "asc" | "desc" ] } */
function list(text: string, withDirections: boolean): (ParsedField & SortKey)[] {
  const reader = new Reader(text);
  const fields = new Fields(reader);
  const found: (ParsedField & SortKey)[] = [];
  do {
    const { character } = reader.peek();
    const field = fields.field();
    const descending = withDirections && reader.skip('desc');
    if (withDirections && !descending) reader.skip('asc');
    found.push({ field, descending, character });
  } while (reader.skip(','));
  if (reader.peek().kind !== 'end') reader.fail(withDirections ? 'DIRECTION_COMMA_OR_END' : 'COMMA_OR_END');
  return found;
}
