import { RunColumnsDocument, type RunWhere } from '../../../../schema/generated/cli/graphql.js';
import type { Api } from '../../../api.js';
import { renderRows } from '../../../output/columns.js';
import { csvLine } from '../../../output/csv.js';
import { type FieldTexts, withPlaces } from './field-texts.js';
import { readPages } from './pages.js';

/** The value of a field, as the API gives it. */
export type Value = string | number | boolean | (string | number | boolean)[] | null | undefined;

export type Format = 'table' | 'json' | 'csv';

/** The columns of `--csv` without `--columns`. */
export const CSV_COLUMNS =
  'number, name, state, step, iterations, miou(pick: best), miou, dataset, method, backbone, seed, study, runner, created, started, finished';

/** Which runs to list, and how. */
export interface Asked {
  where: RunWhere | null;
  query: string | null;
  sort: string | null;
  limit: number;
}

/** Prints the runs with these columns. Returns how many there are, and how many were printed. */
export async function listColumns(
  api: Api,
  { limit, ...asked }: Asked,
  columns: FieldTexts,
  format: Format,
  print: (line: string) => void,
): Promise<{ shown: number; total: number }> {
  const { texts: fields } = columns;
  const { found, total } = await withPlaces([columns], () =>
    readPages(limit, async (page) => (await api.send(RunColumnsDocument, { ...asked, ...page, fields })).runs),
  );
  const rows = found.map(({ values }) => values as Value[]);
  if (format === 'json') {
    const objects = rows.map((values) => Object.fromEntries(fields.map((field, index) => [field, values[index]])));
    print(JSON.stringify(objects, null, 2));
  } else if (format === 'csv') {
    print(csvLine(fields));
    for (const values of rows) print(csvLine(values.map(csvCell)));
  } else if (rows.length > 0) {
    const table = fields.map((title, index) => ({
      title,
      of: (values: Value[]) => shown(values[index]),
      right: rows.some((values) => typeof values[index] === 'number'),
    }));
    for (const line of renderRows(table, rows)) print(line);
  }
  return { shown: rows.length, total };
}

/** A value in a table for people: six digits of numbers, and – for nothing. */
export function shown(value: Value): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(shown).join(' ');
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return String(value);
}

/** A list is one cell. */
export function csvCell(value: Value): string | number | boolean | null | undefined {
  return Array.isArray(value) ? value.join(' ') : value;
}
