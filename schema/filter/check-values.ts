import type { Mistake } from '../problems/problem.js';
import type { FieldType, ValueType } from './catalog.js';
import { hinted } from './nearest.js';
import { filterMistake } from './reasons.js';
import { timeOf } from './time.js';
import type { Comparison, FilterOp, FilterScalar, FilterValue } from './tree.js';

/** Which types of values an operator compares. */
const COMPARED: Record<FilterOp, readonly ValueType[]> = {
  eq: ['text', 'number', 'boolean', 'time'],
  in: ['text', 'number', 'time'],
  lt: ['number', 'time'],
  le: ['number', 'time'],
  gt: ['number', 'time'],
  ge: ['number', 'time'],
  contains: ['text'],
  startsWith: ['text'],
  known: ['text', 'number', 'boolean', 'time'],
};

const SIGNS: Partial<Record<FilterOp, string>> = {
  eq: '=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  startsWith: 'startswith',
};

const MOST_VALUES = 100;
const WORDS: Record<ValueType, string> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  time: 'a time',
};

const wordsFor = (types: readonly ValueType[]): string => types.map((each) => WORDS[each]).join(' or ');

type Fail = (mistake: Mistake) => never;

/**
 * The value of a comparison, in the case and form in which runs have it; undefined if the operator has none.
 * @param field its name, for messages
 * @param fail is called with what is wrong
 */
export function checkValue(
  { op, value }: Comparison,
  type: FieldType,
  field: string,
  fail: Fail,
): FilterValue | undefined {
  const allowed = type.types.filter((each) => COMPARED[op].includes(each));
  const operator = SIGNS[op] ?? op;
  if (allowed.length === 0) {
    fail(
      filterMistake('OPERATOR_NOT_FOR_TYPE', { field, types: type.types, operator }, { types: wordsFor(type.types) }),
    );
  }
  if (op === 'known') {
    if (value !== undefined && value !== null) fail(filterMistake('NO_VALUE_ALLOWED', { field, value }));
    return undefined;
  }
  if (value === undefined || value === null) fail(filterMistake('VALUE_NEEDED', { field }));
  if (op !== 'in') {
    if (Array.isArray(value)) fail(filterMistake('ONE_VALUE_NEEDED', { field, operator }));
    return checkScalar(value as FilterScalar, { op, field }, allowed, type, fail);
  }
  const values = Array.isArray(value) ? value : [value as FilterScalar];
  if (values.length === 0 || values.length > MOST_VALUES) {
    fail(filterMistake('NUMBER_OF_VALUES', { field, most: MOST_VALUES, count: values.length }));
  }
  return values.map((each) => checkScalar(each, { op, field }, allowed, type, fail));
}

function checkScalar(
  value: FilterScalar,
  { op, field }: { op: FilterOp; field: string },
  allowed: readonly ValueType[],
  type: FieldType,
  fail: Fail,
): FilterScalar {
  const params = { field, types: allowed, value };
  const words = { types: wordsFor(allowed) };
  const mismatch = () => {
    const isUnquoted = allowed.includes('text') && typeof value !== 'string';
    return fail(filterMistake(isUnquoted ? 'TEXT_NOT_QUOTED' : 'WRONG_TYPE', params, words));
  };
  if (typeof value === 'boolean') {
    if (allowed.includes('boolean')) return value;
    fail(filterMistake('NOT_BOOLEAN', params, words));
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) fail(filterMistake('NOT_FINITE', { field, value: String(value) }));
    return allowed.includes('number') ? value : mismatch();
  }
  if (allowed.includes('time')) return timeOf(value) ?? fail(filterMistake('NOT_A_TIME', { field, value }));
  if (!allowed.includes('text')) return mismatch();
  if (!type.values || op === 'contains' || op === 'startsWith') return value;
  const same = type.values.find((each) =>
    type.ignoresCase ? each.toLowerCase() === value.toLowerCase() : each === value,
  );
  return same ?? fail(unknownValue(field, value, type.values));
}

function unknownValue(field: string, value: string, known: readonly string[]): Mistake {
  const [params, words] = hinted(value, known, 40);
  return filterMistake('UNKNOWN_VALUE', { ...params, field }, words);
}
