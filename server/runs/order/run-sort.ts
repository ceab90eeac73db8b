import { checkField } from '../../../schema/filter/check-fields.js';
import { type ParsedField, parseSort, printSort } from '../../../schema/filter/parse-lists.js';
import type { SortKey } from '../../../schema/filter/tree.js';
import { refusal } from '../../graphql/errors.js';
import { isGiven } from '../../graphql/given.js';
import { type FieldNames, refused } from '../filter/field-names.js';
import type { ClassPlaces, FieldSql } from '../filter/field-sql.js';
import { fieldOf } from '../filter/where-tree.js';
import { OrderDirection, type RunOrder, RunOrderField, type RunSortKey } from '../runs.inputs.js';
import { nanLast, type SortColumn } from './keyset.js';

/** What a list of runs is sorted by, in one of three forms. */
export interface RunSorting {
  orderBy?: RunOrder | null;
  sortBy?: RunSortKey[] | null;
  sort?: string | null;
}

/** Fields to sort by that were checked, and what their SQL needs. */
export interface KnownSort {
  keys: SortKey[];
  classes: ClassPlaces;
}

const MOST_KEYS = 10;
/** All runs of a study are created at the same time, but their numbers differ. */
const NEWEST_FIRST: SortKey[] = [{ field: { path: 'number' }, descending: true }];

const ORDER_FIELDS: Record<RunOrderField, SortKey['field']> = {
  CREATED_AT: { path: 'number' },
  FINISHED_AT: { path: 'finished' },
  NAME: { path: 'name' },
  PRIORITY: { path: 'priority' },
  MEAN_IOU: { score: 'miou' },
};

/** What runs are sorted by; by default, the newest come first. @throws BAD_USER_INPUT for a field that no run could have */
export async function sortOf(given: RunSorting, names: FieldNames): Promise<KnownSort> {
  const { orderBy, sortBy, sort } = given;
  const forms = (['orderBy', 'sortBy', 'sort'] as const).filter((form) => isGiven(given[form]));
  if (forms.length > 1) throw refusal('SEVERAL_ORDERS', { given: forms });
  if (orderBy) {
    const key = { field: ORDER_FIELDS[orderBy.field], descending: orderBy.direction === OrderDirection.DESC };
    return { keys: [key], classes: new Map() };
  }
  if (!isGiven(sortBy) && !sort?.trim()) return { keys: NEWEST_FIRST, classes: new Map() };
  const [argument, parsed] = sortBy
    ? (['sortBy', sortBy.map(parsedKey)] as const)
    : (['sort', refused('sort', () => parseSort(sort!))] as const);
  if (parsed.length === 0 || parsed.length > MOST_KEYS) {
    throw refusal('NUMBER_OF_FIELDS', { field: argument, most: MOST_KEYS, count: parsed.length });
  }
  const { catalog, classes } = await names.of(parsed.map(({ field }) => field));
  const keys = parsed.map(({ field, descending, character }, index) => {
    const place = sortBy ? `sortBy[${index}].field` : 'sort';
    return { field: refused(place, () => checkField(field, catalog, character)).field, descending };
  });
  return { keys, classes };
}

/** Names the order in cursors. */
export const orderName = ({ keys }: KnownSort): string => printSort(keys);

/** The columns of SQL that these fields are sorted by. */
export function sortColumns(keys: readonly SortKey[], fields: FieldSql): SortColumn[] {
  return keys.map(({ field, descending }) => nanLast({ ...fields.of(field), descending }));
}

type Parsed = SortKey & Omit<ParsedField, 'character'> & { character: number | null };

function parsedKey({ field, direction }: RunSortKey, index: number): Parsed {
  return {
    field: fieldOf(field, `sortBy[${index}].field`),
    descending: direction === OrderDirection.DESC,
    character: null,
  };
}
