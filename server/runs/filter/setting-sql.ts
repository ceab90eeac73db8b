import { absentSettings, settingTypes } from '../../../schema/filter/settings.js';
import { type Compared, compared, type Parameters } from './comparison-sql.js';

const ABSENT = absentSettings();
export const LISTS = new Set([...settingTypes()].filter(([, { isList }]) => isList).map(([path]) => path));

/** The kinds of JSON values, as Postgres names them, and how one is read. */
const JSON_TYPES = {
  text: ['string', ` #>> '{}'`],
  number: ['number', '::float8'],
  boolean: ['boolean', '::boolean'],
} as const;

/** A JSON value that is expected to be of a type; null if it is of another. The JSON is computed only once. */
export function typedJson(json: string, type: keyof typeof JSON_TYPES): string {
  const [kind, read] = JSON_TYPES[type];
  return `(jsonb_path_query_first(${json}, 'strict $ ? (@.type() == "${kind}")')${read})`;
}

/** The condition that a setting of the configuration `run.config` compares. A value of another type than expected is not equal. */
export function settingSql(path: string, comparison: Compared, parameters: Parameters): string {
  const value = `(${valueSql(path, parameters)})`;
  if (!LISTS.has(path)) return jsonCompared(value, comparison, parameters);
  const entries = `jsonb_array_elements(CASE jsonb_typeof(${value}) WHEN 'array' THEN ${value} ELSE jsonb_build_array(${value}) END)`;
  return `EXISTS (SELECT FROM ${entries} AS entries (entry) WHERE ${jsonCompared('entry', comparison, parameters)})`;
}

function jsonCompared(json: string, { op, value }: Compared, parameters: Parameters): string {
  if (op === 'known') return `jsonb_typeof(${json}) <> 'null'`;
  // Values of another type are not equal.
  if (op === 'eq') return `${json} = ${parameters.add(JSON.stringify(value), 'jsonb')}`;
  if (op === 'in') {
    const values = [value!].flat().map((each) => JSON.stringify(each));
    return `${json} = ANY (${parameters.add(values, 'jsonb[]')})`;
  }
  const type = typeof value === 'string' ? 'text' : 'number';
  return compared(typedJson(json, type), type, { op, value }, parameters);
}

/** The stored value; where it is missing because the setting is newer than the configuration, what that means. */
export function valueSql(path: string, parameters: Parameters): string {
  const keys = path.split('.');
  const stored = `run.config #> ${parameters.add(keys, 'text[]')}`;
  const meanings = (ABSENT.get(path) ?? []).map(({ value, beside }) => {
    const group = parameters.add(keys.slice(0, -1), 'text[]');
    return `WHEN run.config #> ${group} ?& ${parameters.add(beside, 'text[]')} THEN ${parameters.add(JSON.stringify(value), 'jsonb')}`;
  });
  return meanings.length === 0 ? stored : `coalesce(${stored}, CASE ${meanings.join(' ')} END)`;
}
