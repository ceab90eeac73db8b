import type { DataSource } from 'typeorm';
import type { MetricField } from '../../../schema/filter/tree.js';
import { numbered, Parameters } from '../filter/comparison-sql.js';
import type { KnownFields } from '../filter/field-names.js';
import { FieldSql, SUMMARIES } from '../filter/field-sql.js';
import type { FieldValue } from '../filter/field-value.js';

type Row = Record<string, FieldValue>;

/** Reads fields of runs. */
export class ValuesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The values of these fields, in their order, by the id of the run. Two statements, however many runs and fields. */
  async of(runIds: readonly string[], known: KnownFields): Promise<Map<string, FieldValue[]>> {
    const metrics = known.fields.flatMap(({ field }) => ('metric' in field ? [field] : []));
    const [rows, series] = await Promise.all([
      this.rows(runIds, known),
      metrics.length > 0 ? this.series(runIds, metrics) : new Map<string, Row>(),
    ]);
    const valueAt = (row: Row, { field }: KnownFields['fields'][number], index: number): FieldValue =>
      'metric' in field
        ? (series.get(seriesKey(row.id as string, field.metric))?.[SUMMARIES[field.of]] ?? null)
        : row[`value${index}`]!;
    return new Map(
      rows.map((row) => [row.id as string, known.fields.map((field, index) => valueAt(row, field, index))]),
    );
  }

  /** The ids of the runs that exist, with all fields but numbers of series, of which there may be many. */
  private rows(runIds: readonly string[], { fields, classes }: KnownFields): Promise<Row[]> {
    const parameters = new Parameters('field');
    const sql = new FieldSql(parameters, classes, 'SUBQUERIES');
    const select = fields.flatMap(({ field }, index) =>
      'metric' in field ? [] : [`${sql.of(field).sql} AS value${index}`],
    );
    return this.dataSource.query(
      ...numbered(
        `/* valuesOfRuns */ SELECT ${['run.id', ...select].join(', ')} FROM runs run
         WHERE run.id = ANY (${parameters.add(runIds, 'uuid[]')})`,
        parameters.values,
      ),
    );
  }

  /** The numbers of series, by run and name. */
  private async series(runIds: readonly string[], metrics: readonly MetricField[]): Promise<Map<string, Row>> {
    const columns = new Set(metrics.map(({ of }) => SUMMARIES[of]));
    const rows = await this.dataSource.query<Row[]>(
      `/* metricsOfRuns */ SELECT ${['run_id', 'name', ...columns].join(', ')} FROM series_summaries
       WHERE run_id = ANY ($1) AND name = ANY ($2)`,
      [runIds, metrics.map(({ metric }) => metric)],
    );
    return new Map(rows.map((row) => [seriesKey(row.run_id as string, row.name as string), row]));
  }
}

const seriesKey = (runId: string, name: string): string => `${runId} ${name}`;
