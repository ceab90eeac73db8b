import type { DataSource } from 'typeorm';
import type { CheckedField } from '../../../schema/filter/check-fields.js';
import { numbered, Parameters } from '../filter/comparison-sql.js';
import { type ClassPlaces, type FieldExpression, FieldSql } from '../filter/field-sql.js';
import type { FieldValue } from '../filter/field-value.js';
import type { SqlCondition } from '../filter/filter-sql.js';
import { Keyset, nanLast, type Position, type SortColumn } from '../order/keyset.js';
import type { Range } from '../order/positions.js';
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

/** A column with the number that statistics are computed from; null if it is NaN or too large. */
const usable = (index: number) =>
  `, CASE WHEN number${index} BETWEEN -${MOST} AND ${MOST} THEN number${index} END AS value${index}`;

/** Groups runs in the database. */
export class GroupsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The groups in a range, in the order in which it is read, and how many there are in all. */
  async page(grouping: Grouping, range: Range): Promise<[GroupAt[], number]> {
    const { by, values, classes, best, condition } = grouping;
    const parameters = new Parameters('group');
    const sql = new FieldSql(parameters, classes, 'JOINS');
    const keys = by.map(({ field }) => sql.of(field));
    const numbers = values.map(({ field }) => sql.of(field).sql);
    const names = keys.map((_, index) => `by${index}`);
    const columns = groupColumns(grouping, keys);
    const keyset = new Keyset(columns, null);
    const [text, parameterValues] = numbered(
      // Materialized, so that each expression is computed once for each run.
      `/* runGroups */ WITH matching AS MATERIALIZED (
         SELECT run.number, run.state${keys.map((key, index) => `, ${key.sql} AS by${index}`).join('')}
           ${numbers.map((number, index) => `, (${number})::float8 AS number${index}`).join('')}
         FROM runs run ${sql.joins} ${condition ? `WHERE ${condition.sql}` : ''}),
       grouped AS (
         SELECT ${[...names, COUNT_RUNS, ...numbers.map((_, index) => statistics(index))].join(', ')},
           ${numbers.length === 0 ? 'NULL::int' : bestOf(best)} AS best
         FROM (SELECT *${numbers.map((_, index) => usable(index)).join('')} FROM matching) AS matching
         GROUP BY ${names.join(', ')})
       SELECT page.*, run.id AS "bestId", counted.groups,
         ARRAY[${columns.map(({ sql }) => `(${sql})::text`).join(', ')}] AS positions
       FROM (SELECT count(*)::int AS groups FROM grouped) AS counted LEFT JOIN (
         SELECT * FROM grouped WHERE ${keyset.within(range, parameters)}
         ORDER BY ${keyset.orderBy(range.backward)} LIMIT ${parameters.add(range.limit, 'int')}) AS page ON TRUE
       LEFT JOIN runs run ON run.number = page.best
       ORDER BY ${keyset.orderBy(range.backward)}`,
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
    return nanLast({ ...keys[of.by]!, sql: `by${of.by}`, descending });
  });
}

function statistics(index: number): string {
  const value = `value${index}`;
  return `count(${value})::int AS n${index}, avg(${value}) AS mean${index}, stddev_samp(${value}) AS std${index},
    min(${value}) AS minimum${index}, max(${value}) AS maximum${index},
    (count(number${index}) - count(${value}))::int AS diverged${index}`;
}

/** The number of the run with the best value, the lowest on ties. A list is compared entry by entry, which needs no sorting. */
function bestOf(best: BestValue): string {
  const [aggregate, number] = best === BestValue.HIGHEST ? ['max', '-number'] : ['min', 'number'];
  return `abs((${aggregate}(ARRAY[value0, ${number}]) FILTER (WHERE value0 IS NOT NULL))[2])::int`;
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
    bestId: row.bestId as string | null,
  };
  return { group, position: { values: row.positions, id: '' } };
}
