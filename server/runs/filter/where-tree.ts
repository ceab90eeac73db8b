import type { Filter, FilterField } from '../../../schema/filter/tree.js';
import { type AppError, refusal } from '../../graphql/errors.js';
import { isGiven, notOneOf } from '../../graphql/given.js';
import { type FilterFieldInput, FilterOperator, MetricSummary, type RunWhere } from './where.inputs.js';

/** The alarm of a kind that is not named. */
const ANY = 'any';
/** Which keys belong to which. */
const DETAILS = { path: [], metric: ['of'], score: ['class', 'network', 'subset', 'pick'], alarm: ['active'] } as const;

type Given = Record<string, unknown>;

/** The tree of an input. Names are not looked up. @throws BAD_USER_INPUT with the place of what is wrong */
export function whereTree(where: RunWhere, place = 'where'): Filter {
  const kind = exactlyOne(where as Given, ['and', 'or', 'not', 'field'], place);
  if (kind !== 'field') {
    refuse(where as Given, ['op', 'value'], (field) => refusal('BELONGS_TO_FIELD', { field, given: kind }), place);
    if (kind === 'not') return { not: whereTree(where.not!, `${place}.not`) };
    const parts = where[kind]!.map((part, index) => whereTree(part, `${place}.${kind}[${index}]`));
    return kind === 'and' ? { and: parts } : { or: parts };
  }
  const field = fieldOf(where.field!, `${place}.field`);
  const op = where.op ?? FilterOperator.EQ;
  return where.value === null || where.value === undefined ? { field, op } : { field, op, value: where.value };
}

export function fieldOf(given: FilterFieldInput, place: string): FilterField {
  const kinds = Object.keys(DETAILS) as (keyof typeof DETAILS)[];
  const kind = exactlyOne(given as Given, kinds, place);
  for (const other of kinds) {
    if (other === kind) continue;
    const elsewhere = (field: string) => refusal('BELONGS_ELSEWHERE', { field, owner: other, given: kind });
    refuse(given as Given, DETAILS[other], elsewhere, place);
  }
  if (kind === 'path') return { path: given.path! };
  if (kind === 'metric') return { metric: given.metric!, of: given.of ?? MetricSummary.LAST };
  if (kind === 'alarm') {
    const alarm = given.alarm!.toLowerCase() === ANY ? null : given.alarm!;
    return isGiven(given.active) ? { alarm, active: given.active } : { alarm };
  }
  const details = DETAILS.score.flatMap((key) => (isGiven(given[key]) ? [[key, given[key]]] : []));
  return { score: given.score!, ...Object.fromEntries(details) };
}

function exactlyOne<Key extends string>(given: Given, keys: readonly Key[], place: string): Key {
  const [only, more] = keys.filter((key) => isGiven(given[key]));
  if (only !== undefined && more === undefined) return only;
  throw notOneOf(place, Object.fromEntries(keys.map((key) => [key, given[key]])));
}

function refuse(given: Given, keys: readonly string[], why: (field: string) => AppError, place: string): void {
  const key = keys.find((each) => isGiven(given[each]));
  if (key !== undefined) throw why(`${place}.${key}`);
}
