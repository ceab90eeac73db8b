import type { DataSource } from 'typeorm';
import { numbered, Parameters } from '../filter/comparison-sql.js';
import type { KnownFields } from '../filter/field-names.js';
import { FieldSql } from '../filter/field-sql.js';
import type { FieldValue } from '../filter/field-value.js';

/** Reads fields of runs. */
export class ValuesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The values of these fields, in their order, by the id of the run. One statement, however many runs. */
  async of(runIds: readonly string[], { fields, classes }: KnownFields): Promise<Map<string, FieldValue[]>> {
    const parameters = new Parameters('field');
    const sql = new FieldSql(parameters, classes, 'SUBQUERIES');
    const select = fields.map(({ field }, index) => `${sql.of(field).sql} AS value${index}`);
    const rows = await this.dataSource.query<({ id: string } & Record<string, FieldValue>)[]>(
      ...numbered(
        `/* valuesOfRuns */ SELECT ${['run.id', ...select].join(', ')} FROM runs run
         WHERE run.id = ANY (${parameters.add(runIds, 'uuid[]')})`,
        parameters.values,
      ),
    );
    return new Map(rows.map((row) => [row.id, fields.map((_, index) => row[`value${index}`]!)]));
  }
}
