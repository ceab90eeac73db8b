import { isSortKey, type KeyType } from '../../graphql/sort-keys.js';
import type { Parameters } from '../filter/comparison-sql.js';

/** A column that rows are sorted by. Rows without a value come last in either direction. */
export interface SortColumn {
  /** An expression of SQL. */
  sql: string;
  type: KeyType;
  descending: boolean;
  /** Every row has a value, so an index can serve the order. */
  isAlways: boolean;
}

/**
 * The column in an order in which NaN comes after all other numbers in either direction. PostgreSQL sorts NaN above them, so
 * descending numbers are negated and ascend.
 */
export function nanLast(column: SortColumn): SortColumn {
  const { sql, type, descending, isAlways } = column;
  return descending && type === 'float8' && !isAlways ? { ...column, sql: `(-${sql})`, descending: false } : column;
}

/** Where a row is in a sorted list: the columns' values as texts, and what tells rows with equal values apart. */
export interface Position {
  values: readonly (string | null)[];
  id: string;
}

/** Rows beyond a position, with or without the row at it. */
export type Side = 'AFTER' | 'BEFORE';

/** A sorted list, in SQL. */
export class Keyset {
  /** @param id the expression that tells rows with equal values apart, and its type; null if there are none */
  constructor(
    private readonly columns: readonly SortColumn[],
    private readonly id: { sql: string; type: string } | null,
  ) {}

  /** What follows ORDER BY, from the first row on or, backward, from the last. */
  orderBy(backward = false): string {
    const columns = this.columns.map(({ sql, descending, isAlways }) => {
      const direction = descending === backward ? '' : ' DESC';
      // An index has its nulls at the other end.
      return `${sql}${direction}${isAlways ? '' : ` NULLS ${backward ? 'FIRST' : 'LAST'}`}`;
    });
    return [...columns, ...(this.id ? [`${this.id.sql}${backward ? ' DESC' : ''}`] : [])].join(', ');
  }

  /** The condition that a row is between two positions, as far as they are given. */
  within(
    { after, before, inclusive }: { after: Position | null; before: Position | null; inclusive: boolean },
    parameters: Parameters,
  ): string {
    const conditions = [
      ...(after ? [this.beyond(after, 'AFTER', parameters, inclusive)] : []),
      ...(before ? [this.beyond(before, 'BEFORE', parameters, inclusive)] : []),
    ];
    return conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
  }

  /** The condition that a row is on this side of a position. */
  beyond({ values, id }: Position, side: Side, parameters: Parameters, inclusive = false): string {
    const sign = (side === 'AFTER' ? '>' : '<') + (inclusive ? '=' : '');
    const last = this.id ? `${this.id.sql} ${sign} ${parameters.add(id, this.id.type)}` : String(inclusive);
    return this.columns.reduceRight((rest, column, index) => {
      const value = values[index] ?? null;
      const parameter = value === null ? null : parameters.add(value, column.type);
      const same = parameter === null ? `${column.sql} IS NULL` : `${column.sql} = ${parameter}`;
      const condition = `(${strictly(column, parameter, side)} OR ${same} AND ${rest})`;
      // Redundant, but lets an index begin at the position.
      if (!column.isAlways || index > 0) return condition;
      return `(${column.sql} ${signOf(column, side)}= ${parameter} AND ${condition})`;
    }, last);
  }
}

/** Whether these can be the texts of a row's values. Otherwise, Postgres could fail to read them. */
export function accepts(columns: readonly SortColumn[], values: unknown): values is (string | null)[] {
  if (!Array.isArray(values) || values.length !== columns.length) return false;
  return columns.every(({ type, isAlways }, index) => {
    const value: unknown = values[index];
    return value === null ? !isAlways : typeof value === 'string' && isSortKey(value, type);
  });
}

const signOf = ({ descending }: SortColumn, side: Side): string => (descending === (side === 'AFTER') ? '<' : '>');

function strictly(column: SortColumn, parameter: string | null, side: Side): string {
  if (parameter === null) return side === 'AFTER' ? 'FALSE' : `${column.sql} IS NOT NULL`;
  const condition = `${column.sql} ${signOf(column, side)} ${parameter}`;
  return side === 'AFTER' && !column.isAlways ? `${condition} OR ${column.sql} IS NULL` : condition;
}
