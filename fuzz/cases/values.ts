/** A value to send in place of a valid one, as text, because JavaScript's objects cannot hold all of them. */
export interface Value {
  name: string;
  /** Null leaves the argument or field out. */
  json: string | null;
  /** In the syntax of GraphQL, if it cannot be derived from the JSON. */
  literal?: string;
  /** Takes the client or the server long, so it is sent less often. */
  heavy?: true;
}

export const MILLION = 1_000_000;
/** Deeper than any input that the schema knows, and still a few kilobytes. */
const DEEP = 100;
/** Recursive code runs out of stack at this depth. */
const VERY_DEEP = 10_000;

const text = (name: string, value: string): Value => ({ name, json: JSON.stringify(value) });
const raw = (name: string, json: string): Value => ({ name, json });

/** Values that are wrong for most inputs, whatever their type. */
export const HOSTILE_VALUES: readonly Value[] = [
  { name: 'left out', json: null },
  raw('null', 'null'),
  raw('true', 'true'),
  raw('zero', '0'),
  raw('minus one', '-1'),
  raw('minus zero', '-0.0'),
  raw('a fraction', '1.5'),
  raw('2^31 - 1', '2147483647'),
  raw('2^31', '2147483648'),
  raw('-2^31', '-2147483648'),
  raw('-2^31 - 1', '-2147483649'),
  raw('2^53 - 1', '9007199254740991'),
  raw('2^53 + 1', '9007199254740993'),
  raw('-2^53 + 1', '-9007199254740991'),
  raw('the largest double', '1.7976931348623157e308'),
  raw('the smallest double', '5e-324'),
  raw('infinity', '1e999'),
  raw('minus infinity', '-1e999'),
  raw('a number of a thousand digits', `1${'0'.repeat(1000)}`),
  { name: 'NaN', json: '"NaN"', literal: 'NaN' },
  text('the text NaN', 'NaN'),
  text('the text Infinity', 'Infinity'),
  text('a number as text', '17'),
  text('empty text', ''),
  text('a space', ' '),
  text('NUL', 'a\0b'),
  raw('a lone high surrogate', '"a\\ud800b"'),
  raw('a lone low surrogate', '"\\udc00"'),
  text('a line break', 'a\r\nb'),
  text('control characters', '\u0001\u001b[31m\u007f\u0085'),
  text('right to left, zero width, noncharacters', '\u202eabc\u200b\ufeff\ufffe\uffff'),
  text('an emoji of many code points', '👩‍👩‍👧‍👦'.repeat(20)),
  text('combining marks', `e${'\u0301'.repeat(200)}`),
  text('__proto__', '__proto__'),
  text('constructor', 'constructor'),
  text('SQL', `'; DROP TABLE runs; --`),
  text('wildcards', '%_\\%_\\'),
  text('markup', '<script>alert(1)</script>'),
  text('a path', '../../../../etc/passwd'),
  text('a format', `%s%n$\{jndi:ldap://localhost}{{7*7}}`),
  text('10,000 characters', 'x'.repeat(10_000)),
  text('200,000 characters', 'y'.repeat(200_000)),
  text('many astral characters', '𝕏'.repeat(2000)),
  { ...text('a million characters', 'z'.repeat(MILLION)), heavy: true },
  raw('an empty list', '[]'),
  raw('a list of null', '[null]'),
  raw('a list in a list', '[[1]]'),
  raw('a list of everything', '[1, "a", true, null, {}, []]'),
  raw('ten thousand zeros', list('0', 10_000)),
  raw('ten thousand texts', list('"a"', 10_000)),
  raw('ten thousand objects', list('{}', 10_000)),
  { ...raw('a million zeros', list('0', MILLION)), heavy: true },
  raw('an empty object', '{}'),
  {
    name: 'an object with __proto__',
    json: '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  },
  { name: 'an object with toString', json: '{"toString": 1, "valueOf": 1, "then": 1, "length": -1}' },
  { name: 'an object with odd names', json: '{"": 1, " ": 2, "a\\u0000b": 3, "\\ud800": 4}' },
  nested('a deep object', DEEP),
  nestedList('a deep list', DEEP),
  { ...nested('a very deep object', VERY_DEEP), heavy: true },
  { ...nestedList('a very deep list', VERY_DEEP), heavy: true },
];

/** `[entry, entry, …]` */
export function list(entry: string, length: number): string {
  return `[${new Array<string>(length).fill(entry).join(',')}]`;
}

function nested(name: string, depth: number): Value {
  const close = '}'.repeat(depth);
  return { name, json: `${'{"a":'.repeat(depth)}1${close}`, literal: `${'{a:'.repeat(depth)}1${close}` };
}

function nestedList(name: string, depth: number): Value {
  const json = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  return { name, json, literal: json };
}
