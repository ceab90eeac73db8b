import type { DataSource, ObjectLiteral } from 'typeorm';
import { type Prepared, queryPrepared } from './prepared.js';

/** What is read of a table in another way than as its columns. */
interface Reading<Entity> {
  /** Columns of JSON that is long and rarely used: it is parsed when the property is first read. */
  parsedLater?: readonly (keyof Entity & string)[];
  /** Expressions of SQL for properties that are not columns. */
  more?: Partial<Record<keyof Entity & string, string>>;
}

/**
 * Reads entities with prepared statements. TypeORM's query builder writes a new statement for each call, which PostgreSQL has to plan,
 * and for a page of rows, TypeORM needs several times as much processor time as reading them takes.
 */
export class EntityReader<Entity extends ObjectLiteral> {
  private readonly statements = new Map<string, Prepared>();

  /** @param alias what the statements call the table */
  constructor(
    private readonly dataSource: DataSource,
    private readonly target: new () => Entity,
    private readonly alias: string,
    private readonly reading: Reading<Entity> = {},
  ) {}

  /**
   * The entities that a statement finds, without columns that are read only where they are asked for (`select: false`).
   * @param name of the statement, unique among all of the server
   * @param rest what follows the columns, always the same for a name: `FROM runs run WHERE run.id = ANY ($1)`
   */
  async find(name: string, rest: string, values: unknown[]): Promise<Entity[]> {
    const statement = this.statements.get(name) ?? { name, text: `/* ${name} */ SELECT ${this.columns()} ${rest}` };
    this.statements.set(name, statement);
    const rows = await queryPrepared<object>(this.dataSource, statement, values);
    return rows.map((row) => {
      const entity = Object.assign(new this.target(), row);
      for (const property of this.reading.parsedLater ?? []) parseLater(entity, property);
      return entity;
    });
  }

  /** The columns under the names of their properties: `run."id" AS "id", run."study_id" AS "studyId", …`. */
  private columns(): string {
    const { parsedLater = [], more = {} } = this.reading;
    const columns = this.dataSource
      .getMetadata(this.target)
      .columns.filter(({ isSelect }) => isSelect)
      .map(({ databaseName, propertyName }) => {
        const type = parsedLater.includes(propertyName) ? '::text' : '';
        return `${this.alias}."${databaseName}"${type} AS "${propertyName}"`;
      });
    return [...columns, ...Object.entries(more).map(([property, sql]) => `${sql} AS "${property}"`)].join(', ');
  }
}

/** Makes a property that has a text of JSON one that has its value. */
function parseLater(entity: object, property: string): void {
  const text = (entity as Record<string, string | null>)[property];
  if (typeof text !== 'string') return;
  const set = (value: unknown) => {
    Object.defineProperty(entity, property, { value, writable: true, enumerable: true, configurable: true });
  };
  const get = () => {
    const value: unknown = JSON.parse(text);
    set(value);
    return value;
  };
  Object.defineProperty(entity, property, { get, set, enumerable: true, configurable: true });
}
