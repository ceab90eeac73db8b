import type { FieldType, ValueType } from './catalog.js';
import { withHint } from './nearest.js';
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

type Fail = (problem: string) => never;

/**
 * The value of a comparison, in the case and form in which runs have it; undefined if the operator has none.
 * @param fail is called with what is wrong, to follow the name of the field
 */
export function checkValue({ op, value }: Comparison, type: FieldType, fail: Fail): FilterValue | undefined {
  const allowed = type.types.filter((each) => COMPARED[op].includes(each));
  if (allowed.length === 0) fail(`is ${wordsFor(type.types)}, which ${SIGNS[op] ?? op} cannot compare`);
  if (op === 'known') {
    if (value !== undefined && value !== null) fail(`is known: needs no value; got ${shown(value)}`);
    return undefined;
  }
  if (value === undefined || value === null) fail('needs a value');
  if (op !== 'in') {
    if (Array.isArray(value)) fail(`${SIGNS[op] ?? op} needs one value; got a list`);
    return checkScalar(value as FilterScalar, op, allowed, type, fail);
  }
  const values = Array.isArray(value) ? value : [value as FilterScalar];
  if (values.length === 0 || values.length > MOST_VALUES) {
    fail(`in: needs 1 to ${MOST_VALUES} values; got ${values.length}`);
  }
  return values.map((each) => checkScalar(each, op, allowed, type, fail));
}

function checkScalar(
  value: FilterScalar,
  op: FilterOp,
  allowed: readonly ValueType[],
  type: FieldType,
  fail: Fail,
): FilterScalar {
  const mismatch = () => {
    const quote = allowed.includes('text') && typeof value !== 'string' ? `, in quotes: "${value}"` : '';
    return fail(`is ${wordsFor(allowed)}${quote}; got ${shown(value)}`);
  };
  if (typeof value === 'boolean') {
    if (allowed.includes('boolean')) return value;
    fail(`is ${wordsFor(allowed)}, not true or false; compare it with one, or write "is known"`);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) fail(`cannot be compared with ${value}; use "is known"`);
    return allowed.includes('number') ? value : mismatch();
  }
  if (allowed.includes('time')) return timeOf(value) ?? fail(`is a time, such as "2026-11-30"; got ${shown(value)}`);
  if (!allowed.includes('text')) return mismatch();
  if (!type.values || op === 'contains' || op === 'startsWith') return value;
  const same = type.values.find((each) =>
    type.ignoresCase ? each.toLowerCase() === value.toLowerCase() : each === value,
  );
  return same ?? fail(`cannot be ${withHint(value, type.values, 40)}`);
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** In ISO 8601 and UTC; null if the text is not a time. A date is its first moment, and UTC holds without an offset. */
function timeOf(text: string): string | null {
  const parts = TIME.exec(text);
  if (!parts) return null;
  const [, date, time = '00:00', offset = 'Z'] = parts;
  const [day, at] = [new Date(`${date}T00:00Z`), new Date(`${date}T${time}${offset}`)];
  if (Number.isNaN(day.getTime()) || Number.isNaN(at.getTime())) return null;
  // Postgres has no year 0, and an offset can lead there or beyond 9999.
  if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return null;
  // Otherwise, 30 February would be 2 March.
  return day.toISOString().startsWith(date!) ? at.toISOString() : null;
}

const shown = (value: FilterValue): string => JSON.stringify(value);
