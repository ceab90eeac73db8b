import type { FilterOp, FilterScalar } from '../../../schema/filter/tree.js';

/** Collects the values of a condition. Names and values never become part of the SQL. */
export class Parameters {
  readonly values: Record<string, unknown> = {};
  private readonly known = new Map<string, string>();

  /** @param prefix begins their names; statements that are put together need different ones */
  constructor(private readonly prefix: string) {}

  /** Adds a value, and returns what stands for it. */
  add(value: unknown, type: string): string {
    const key = `${type} ${JSON.stringify(value)}`;
    const name = this.known.get(key) ?? `${this.prefix}${this.known.size}`;
    this.known.set(key, name);
    this.values[name] = value;
    return `:${name}::${type}`;
  }
}

/** SQL with numbered parameters, as pg takes it, and their values. */
export function numbered(sql: string, parameters: Record<string, unknown>): [sql: string, values: unknown[]] {
  const names = Object.keys(parameters);
  return [
    sql.replace(/(?<!:):(\w+)(?=::)/g, (_, name: string) => `$${names.indexOf(name) + 1}`),
    names.map((name) => parameters[name]),
  ];
}

/** What an expression is compared with. */
export interface Compared {
  op: FilterOp;
  value?: FilterScalar | FilterScalar[] | undefined;
}

const SIGNS = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
/** The types in Postgres of what is compared. */
export const SQL_TYPES = { text: 'text', number: 'float8', boolean: 'boolean', time: 'timestamptz' } as const;

/** Compares an expression of SQL, which may be null. NaN is known, but no other comparison with it is true. */
export function compared(
  expression: string,
  type: keyof typeof SQL_TYPES,
  { op, value }: Compared,
  parameters: Parameters,
): string {
  const sqlType = SQL_TYPES[type];
  const own = type === 'number' ? `(${expression})::float8` : expression;
  if (op === 'known') return `${expression} IS NOT NULL`;
  if (op === 'in') return `${own} = ANY (${parameters.add(value, `${sqlType}[]`)})`;
  if (op === 'contains' || op === 'startsWith') {
    // Escape LIKE wildcards.
    const escaped = String(value).replace(/[\\%_]/g, (sign) => `\\${sign}`);
    return `${own} ILIKE ${parameters.add(op === 'contains' ? `%${escaped}%` : `${escaped}%`, 'text')}`;
  }
  // PostgreSQL sorts NaN above all numbers.
  const number = type === 'number' && (op === 'gt' || op === 'ge') ? `nullif(${own}, 'NaN')` : own;
  return `${number} ${SIGNS[op]} ${parameters.add(value, sqlType)}`;
}
