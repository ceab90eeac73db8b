import { unstorable } from './texts.js';

/** The Postgres types of the keys that lists are sorted by. */
export type KeyType = 'int' | 'bigint' | 'timestamptz' | 'text' | 'float8' | 'boolean' | 'jsonb';

const MOST_INT = 2 ** 31 - 1;
const INT = /^-?\d{1,10}$/;
const FLOAT = /^(-?Infinity|NaN|-?\d{1,400}(\.\d{1,400})?(e[+-]?\d{1,3})?)$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d{1,6})?[+-](\d\d)(:[0-5]\d){0,2}$/;

const FORMS: Record<KeyType, (key: string) => boolean> = {
  int: (key) => INT.test(key) && Math.abs(Number(key)) <= MOST_INT,
  // Within the integers that a number holds exactly.
  bigint: (key) => /^-?\d{1,15}$/.test(key),
  float8: (key) => FLOAT.test(key) && (/^-?(Infinity|NaN)$/.test(key) || Number.isFinite(Number(key))),
  text: (key) => unstorable(key) === null,
  timestamptz: (key) => /^-?infinity$/.test(key) || isTime(key),
  boolean: (key) => key === 'true' || key === 'false',
  jsonb: isJson,
};

/** Whether the text is a value of the type, as Postgres writes it. */
export function isSortKey(key: string, type: KeyType): boolean {
  return FORMS[type](key);
}

/** A scalar, or a list of scalars. */
function isJson(key: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(key);
  } catch {
    return false;
  }
  const entries = Array.isArray(value) ? value : [value];
  return entries.every((entry) => {
    if (typeof entry === 'string') return unstorable(entry) === null;
    return typeof entry === 'boolean' || Number.isFinite(entry);
  });
}

function isTime(key: string): boolean {
  const [, ...parts] = TIME.exec(key) ?? [];
  if (parts.length === 0) return false;
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const time = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second));
  // A date that does not exist, such as February 30, becomes another one.
  return time.toISOString().startsWith(`${key.slice(0, 10)}T${key.slice(11, 19)}`) && Number(parts[7]) < 16;
}
