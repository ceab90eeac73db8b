import { isKeyword, isWord, quoted, written } from './tokens.js';
import { type Comparison, type Filter, type FilterField, isComparison, RUN_SCORES } from './tree.js';

const OPS = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=', contains: 'contains', startsWith: 'startswith' } as const;

/** The text of a filter: `parseFilter(printFilter(filter))` gives the same filter, if each `and` and `or` joins several. */
export function printFilter(filter: Filter): string {
  if ('and' in filter) return filter.and.map((part) => within(part, 'and')).join(' and ');
  if ('or' in filter) return filter.or.map((part) => within(part, 'or')).join(' or ');
  if (isComparison(filter)) return comparison(filter, false);
  const inner = filter.not;
  if (isComparison(inner) && ['eq', 'in', 'known'].includes(inner.op) && inner.value !== true) {
    return comparison(inner, true);
  }
  return `not ${isComparison(inner) || 'not' in inner ? printFilter(inner) : `(${printFilter(inner)})`}`;
}

function within(part: Filter, joint: 'and' | 'or'): string {
  const needsBrackets = 'or' in part || ('and' in part && joint === 'and');
  return needsBrackets ? `(${printFilter(part)})` : printFilter(part);
}

function comparison({ field, op, value }: Comparison, isNot: boolean): string {
  const name = printField(field);
  if (op === 'known') return `${name} is ${isNot ? 'not ' : ''}known`;
  if (op === 'in') {
    const values = (Array.isArray(value) ? value : [value!]).map(written);
    return `${name} ${isNot ? 'not ' : ''}in (${values.join(', ')})`;
  }
  if (op === 'eq' && value === true) return name;
  return `${name} ${isNot ? '!=' : OPS[op]} ${written(value as string)}`;
}

/** The text of a field. */
export function printField(field: FilterField): string {
  if ('path' in field) return path(field.path);
  if ('metric' in field) return `${field.of}(${quoted(field.metric)})`;
  if ('alarm' in field) {
    const inside = [
      ...(field.alarm === null ? [] : [written(field.alarm)]),
      ...(field.active === undefined ? [] : [`active: ${field.active}`]),
    ];
    return inside.length === 0 ? 'alarm' : `alarm(${inside.join(', ')})`;
  }
  const inside = [
    ...(field.class === undefined ? [] : [written(field.class)]),
    ...(['network', 'subset', 'pick'] as const).flatMap((key) =>
      field[key] === undefined ? [] : [`${key}: ${written(field[key])}`],
    ),
  ];
  return inside.length === 0 ? field.score : `${field.score}(${inside.join(', ')})`;
}

/** Names that mean something else without brackets. */
const TAKEN: readonly string[] = [...RUN_SCORES, 'alarm'];

function path(text: string): string {
  if (isWord(text) && !isKeyword(text) && !TAKEN.includes(text.toLowerCase())) return text;
  return `config(${quoted(text.replace(/^config\./, ''))})`;
}
