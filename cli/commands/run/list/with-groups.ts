import { RunGroupsDocument, type RunGroupsQuery } from '../../../../schema/generated/cli/graphql.js';
import type { Api } from '../../../api.js';
import { type Column, renderRows } from '../../../output/columns.js';
import { csvLine } from '../../../output/csv.js';
import { type FieldTexts, withPlaces } from './field-texts.js';
import { readPages } from './pages.js';
import { type Asked, csvCell, type Format, shown, type Value } from './with-columns.js';

type Group = RunGroupsQuery['runGroups']['edges'][number]['node'];

const STATISTICS = ['mean', 'std', 'n', 'minimum', 'maximum', 'diverged'] as const;

/** Prints the groups of runs. Returns how many there are, and how many were printed. */
export async function listGroups(
  api: Api,
  { limit, ...asked }: Asked,
  { by, values, best }: { by: FieldTexts; values: FieldTexts; best: 'HIGHEST' | 'LOWEST' },
  format: Format,
  print: (line: string) => void,
): Promise<{ shown: number; total: number }> {
  const fields = { by: by.texts, values: values.texts, best };
  const { found, total } = await withPlaces([by, values], () =>
    readPages(limit, async (page) => (await api.send(RunGroupsDocument, { ...asked, ...fields, ...page })).runGroups),
  );
  if (format === 'json')
    print(
      JSON.stringify(
        found.map((group) => groupJson(group, by.texts, values.texts)),
        null,
        2,
      ),
    );
  else if (format === 'csv') for (const line of csvLines(found, by.texts, values.texts)) print(line);
  else if (found.length > 0) for (const line of renderRows(tableColumns(by.texts, values.texts), found)) print(line);
  return { shown: found.length, total };
}

function groupJson({ key, count, states, values, best }: Group, by: string[], numbers: string[]) {
  return {
    key: Object.fromEntries(by.map((field, index) => [field, key[index]])),
    count,
    states,
    values: Object.fromEntries(numbers.map((field, index) => [field, values[index]])),
    best: best ?? null,
  };
}

function csvLines(groups: readonly Group[], by: string[], numbers: string[]): string[] {
  const header = [...by, 'runs', ...numbers.flatMap((field) => STATISTICS.map((name) => `${field} ${name}`)), 'best'];
  const rows = groups.map(({ key, count, values, best }) => [
    ...key.map((value) => csvCell(value as Value)),
    count,
    ...values.flatMap((value) => STATISTICS.map((name) => value[name])),
    best?.number,
  ]);
  return [header, ...rows].map(csvLine);
}

function tableColumns(by: string[], numbers: string[]): Column<Group>[] {
  return [
    ...by.map((title, index) => ({ title, of: ({ key }: Group) => shown(key[index] as Value) })),
    { title: 'runs', of: ({ count }: Group) => String(count), right: true },
    ...numbers.flatMap((title, index) => [
      { title, of: ({ values }: Group) => statistic(values[index]!), right: true },
      { title: 'n', of: ({ values }: Group) => String(values[index]!.n), right: true },
      { title: 'range', of: ({ values }: Group) => range(values[index]!), right: true },
    ]),
    ...(numbers.length > 0 ? [{ title: 'best', of: ({ best }: Group) => (best ? `#${best.number}` : '–') }] : []),
  ];
}

type Statistic = Group['values'][number];

const statistic = ({ mean, std }: Statistic): string =>
  typeof std === 'number' ? `${shown(mean)} ± ${shown(std)}` : shown(mean);

const range = ({ n, minimum, maximum }: Statistic): string => (n === 0 ? '–' : `${shown(minimum)}–${shown(maximum)}`);
