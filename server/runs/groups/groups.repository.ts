import type { DataSource } from 'typeorm';
import type { CheckedField } from '../../../schema/filter/check-fields.js';
import { numbered, Parameters } from '../filter/comparison-sql.js';
import { type ClassPlaces, type FieldExpression, FieldSql } from '../filter/field-sql.js';
import type { FieldValue } from '../filter/field-value.js';
import type { SqlCondition } from '../filter/filter-sql.js';
import { Keyset, type Position, type SortColumn } from '../order/keyset.js';
import { COUNT_RUNS } from '../run-counts.js';
import { BestValue, type RunGroup, type RunStatistic } from './groups.types.js';

/** What groups are sorted by: the index of a field, of a number, or the count. */
export interface GroupKey {
  of: { by: number } | { value: number } | 'count';
  descending: boolean;
}

/** How runs are grouped. */
export interface Grouping {
  by: CheckedField[];
  values: CheckedField[];
  classes: ClassPlaces;
  best: BestValue;
  condition: SqlCondition | null;
  /** It tells all groups apart. */
  sort: GroupKey[];
}

export interface GroupAt {
  group: RunGroup;
  position: Position;
}

type Row = Record<string, FieldValue> & { count: number; total: number; positions: (string | null)[] };

/** Sums of squares of such numbers are finite. */
const MOST = '1e150';
const ARE_USABLE = (value: string) => `${value} BETWEEN -${MOST} AND ${MOST}`;

/** Groups runs in the database. */
export class GroupsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Up to `limit` groups after a position, and how many there are in all. */
  async page(grouping: Grouping, after: Position | null, limit: number): Promise<[GroupAt[], number]> {
    const { by, values, classes, best, condition } = grouping;
    const parameters = new Parameters('group');
    const sql = new FieldSql(parameters, classes, 'JOINS');
    const keys = by.map(({ field }) => sql.of(field));
    const numbers = values.map(({ field }) => sql.of(field).sql);
    const names = keys.map((_, index) => `by${index}`);
    const columns = groupColumns(grouping, keys);
    const keyset = new Keyset(columns, null);
    const [text, parameterValues] = numbered(
      `/* runGroups */ WITH matching AS (
         SELECT run.id, run.state${keys.map((key, index) => `, ${key.sql} AS by${index}`).join('')}
           ${numbers.map((number, index) => `, (${number})::float8 AS value${index}`).join('')}
         FROM runs run ${sql.joins} ${condition ? `WHERE ${condition.sql}` : ''}),
       grouped AS (
         SELECT ${[...names, COUNT_RUNS, ...numbers.map((_, index) => statistics(index))].join(', ')},
           ${numbers.length === 0 ? 'NULL::uuid' : bestOf(best)} AS best
         FROM matching GROUP BY ${names.join(', ')})
       SELECT page.*, counted.groups, ARRAY[${columns.map(({ sql }) => `(${sql})::text`).join(', ')}] AS positions
       FROM (SELECT count(*)::int AS groups FROM grouped) AS counted LEFT JOIN (
         SELECT * FROM grouped WHERE ${after ? keyset.beyond(after, 'AFTER', parameters) : 'TRUE'}
         ORDER BY ${keyset.orderBy()} LIMIT ${parameters.add(limit, 'int')}) AS page ON TRUE
       ORDER BY ${keyset.orderBy()}`,
      { ...condition?.parameters, ...parameters.values },
    );
    const rows = await this.dataSource.query<(Row & { groups: number })[]>(text, parameterValues);
    const found = rows.filter(({ total }) => total !== null);
    return [found.map((row) => groupAt(row, by.length, values.length)), rows[0]?.groups ?? 0];
  }
}

/** The columns that groups are sorted by. */
export function groupColumns({ sort }: Grouping, keys: readonly FieldExpression[]): SortColumn[] {
  return sort.map(({ of, descending }) => {
    if (of === 'count') return { sql: 'total', type: 'int', isAlways: true, descending };
    if ('value' in of) return { sql: `mean${of.value}`, type: 'float8', isAlways: false, descending };
    const { type, isAlways } = keys[of.by]!;
    const sql = `by${of.by}`;
    // PostgreSQL sorts NaN above all numbers. Negated numbers ascend, and NaN still comes last.
    if (descending && type === 'float8') return { sql: `(-${sql})`, type, isAlways, descending: false };
    return { sql, type, isAlways, descending };
  });
}

function statistics(index: number): string {
  const value = `value${index}`;
  const usable = `FILTER (WHERE ${ARE_USABLE(value)})`;
  return `(count(${value}) ${usable})::int AS n${index}, avg(${value}) ${usable} AS mean${index},
    stddev_samp(${value}) ${usable} AS std${index}, min(${value}) ${usable} AS minimum${index},
    max(${value}) ${usable} AS maximum${index},
    (count(${value}) FILTER (WHERE NOT ${ARE_USABLE(value)}))::int AS diverged${index}`;
}

/** The earliest id of those with the best value, so that the answer does not change. */
function bestOf(best: BestValue): string {
  const direction = best === BestValue.HIGHEST ? 'DESC' : 'ASC';
  return `(array_agg(id ORDER BY value0 ${direction}, id) FILTER (WHERE ${ARE_USABLE('value0')}))[1]`;
}

function groupAt(row: Row, fields: number, numbers: number): GroupAt {
  const numberOf = (name: string) => row[name] as number;
  const names = ['n', 'mean', 'std', 'minimum', 'maximum', 'diverged'] as const;
  const group: RunGroup = {
    key: Array.from({ length: fields }, (_, index) => row[`by${index}`]!),
    count: row.total,
    states: Object.fromEntries(
      ['queued', 'running', 'completed', 'failed', 'canceled', 'total'].map((state) => [state, numberOf(state)]),
    ) as unknown as RunGroup['states'],
    values: Array.from(
      { length: numbers },
      (_, index) =>
        Object.fromEntries(names.map((name) => [name, numberOf(`${name}${index}`)])) as unknown as RunStatistic,
    ),
    bestId: row.best as string | null,
  };
  return { group, position: { values: row.positions, id: '' } };
}
