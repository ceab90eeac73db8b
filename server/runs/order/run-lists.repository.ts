import type { DataSource } from 'typeorm';
import { listsInOrder } from '../../context.js';
import { numbered, Parameters } from '../filter/comparison-sql.js';
import { FieldSql } from '../filter/field-sql.js';
import type { SqlCondition } from '../filter/filter-sql.js';
import { Keyset, type Position } from './keyset.js';
import type { Range } from './positions.js';
import { type KnownSort, sortColumns } from './run-sort.js';

/** Which runs to list, and in which order. */
export interface RunList {
  condition: SqlCondition | null;
  sort: KnownSort;
  range: Range;
}

/** A page of ids with their positions, and the number of runs on all pages. */
export interface IdPage {
  rows: Position[];
  total: number;
}

interface Row {
  owner: string | null;
  total: number;
  /** Null in the only row of a page without runs. */
  id: string | null;
  values: (string | null)[];
}

/** Reads which runs are on a page of a list. */
export class RunListsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of all runs. */
  async page(list: RunList): Promise<IdPage> {
    return pageOf(await this.rows(list, null));
  }

  /** The first page of the runs of each study, in this order. */
  async pages(list: RunList, studyIds: readonly string[]): Promise<IdPage[]> {
    const rows = await this.rows(list, studyIds);
    return listsInOrder(studyIds, rows, ({ owner }) => owner!).map(pageOf);
  }

  private rows({ condition, sort, range }: RunList, studyIds: readonly string[] | null): Promise<Row[]> {
    const parameters = new Parameters('sort');
    const fields = new FieldSql(parameters, sort.classes, 'JOINS');
    const keys = sortColumns(sort.keys, fields);
    const select = keys.map(({ sql }, index) => `, ${sql} AS key${index}`).join('');
    const keyset = (row: string) =>
      new Keyset(
        keys.map((key, index) => ({ ...key, sql: `${row}.key${index}` })),
        { sql: `${row}.id`, type: 'uuid' },
      );
    const inPage = keyset('matching');
    const conditions = [
      ...(condition ? [condition.sql] : []),
      ...(studyIds ? [`run.study_id = ANY (${parameters.add(studyIds, 'uuid[]')})`] : []),
    ];
    const ofOwner = studyIds ? 'matching.study_id = owner.id' : 'TRUE';
    // Without a condition, an index may serve the order. Otherwise, PostgreSQL reads `matching` once for the page and the count.
    const counted = conditions.length === 0 ? 'runs' : `matching WHERE ${ofOwner}`;
    const [sql, values] = numbered(
      `/* runPage */ WITH matching AS (
         SELECT run.id, run.study_id${select} FROM runs run ${fields.joins}
         ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`})
       SELECT owner.id AS owner, (SELECT count(*)::int FROM ${counted}) AS total, page.id,
         ARRAY[${keys.map((_, index) => `page.key${index}::text`).join(', ')}] AS values
       FROM unnest(${parameters.add(studyIds ?? [null], 'uuid[]')}) AS owner (id) LEFT JOIN LATERAL (
         SELECT * FROM matching WHERE ${ofOwner} AND ${inPage.within(range, parameters)}
         ORDER BY ${inPage.orderBy(range.backward)} LIMIT ${parameters.add(range.limit, 'int')}) AS page ON TRUE
       ORDER BY owner.id, ${keyset('page').orderBy(range.backward)}`,
      { ...condition?.parameters, ...parameters.values },
    );
    return this.dataSource.query(sql, values);
  }
}

function pageOf(rows: readonly Row[]): IdPage {
  const found = rows.flatMap(({ id, values }) => (id === null ? [] : [{ id, values }]));
  return { rows: found, total: rows[0]?.total ?? 0 };
}
