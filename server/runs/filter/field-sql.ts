import { settingTypes } from '../../../schema/filter/settings.js';
import {
  type AlarmField,
  type FilterField,
  type MetricField,
  type ScoreField,
  SETTINGS,
} from '../../../schema/filter/tree.js';
import type { KeyType } from '../../graphql/sort-keys.js';
import { type Parameters, SQL_TYPES } from './comparison-sql.js';
import { RUN_FIELDS } from './run-fields.js';
import { LISTS, typedJson, valueSql } from './setting-sql.js';

/** For each class that a field names: its index in each dataset, by the id of the dataset. For RARE, several. */
export type ClassPlaces = ReadonlyMap<string, Readonly<Record<string, number | readonly number[]>>>;

/** The rare classes of each dataset, among the places of classes. No class has this name. */
export const RARE = '';

/** What a field is in SQL: an expression over the row `run`, null if the run does not have it. Lists are JSON. */
export interface FieldExpression {
  sql: string;
  type: KeyType;
  /** It is neither null nor NaN for any run. */
  isAlways: boolean;
}

/**
 * How the tables of results are read. With subqueries, a few runs are read fastest, and an expression needs nothing besides `run`.
 * With joins (`joins`), all runs are.
 */
export type Reading = 'SUBQUERIES' | 'JOINS';

const SETTING_TYPES = settingTypes();
/** Up to this many comparisons are faster than a look-up in a JSON object. */
const FEW_DATASETS = 8;

/** Writes the fields of runs (schema/filter/check-fields.ts) as SQL. */
export class FieldSql {
  private readonly joined = new Map<string, [alias: string, sql: string]>();

  constructor(
    private readonly parameters: Parameters,
    private readonly classes: ClassPlaces,
    private readonly reading: Reading,
  ) {}

  /** What must follow `FROM runs run`. */
  get joins(): string {
    return [...this.joined.values()].map(([, sql]) => sql).join('\n');
  }

  of(field: FilterField): FieldExpression {
    if ('alarm' in field) return { sql: this.alarm(field), type: 'boolean', isAlways: true };
    if ('path' in field) return this.path(field.path);
    const sql = 'metric' in field ? this.metric(field) : this.score(field);
    return { sql: `(${sql})`, type: 'float8', isAlways: false };
  }

  private path(path: string): FieldExpression {
    if (path.startsWith(SETTINGS)) return this.setting(path.slice(SETTINGS.length));
    const { types, isList, always } = RUN_FIELDS.get(path)!;
    const sql = this.own(path);
    if (isList) {
      const list = `(SELECT to_jsonb(array_agg(DISTINCT entry ORDER BY entry)) FROM (${sql}) AS entries (entry))`;
      return { sql: list, type: 'jsonb', isAlways: false };
    }
    const type = always ?? SQL_TYPES[types[0]!];
    return { sql: `(${sql})::${type}`, type, isAlways: always !== undefined };
  }

  /** The expression of a field of the run; of a list, a query for one column. */
  own(path: string): string {
    const { sql, table } = RUN_FIELDS.get(path)!;
    if (!table) return sql;
    return this.read(
      table.name,
      (row) => `${row}.id = ${table.id}`,
      (row) => sql.replace('row.', `${row}.`),
    );
  }

  private setting(path: string): FieldExpression {
    const value = `(${valueSql(path, this.parameters)})`;
    const [type, more] = SETTING_TYPES.get(path)!.types;
    if (LISTS.has(path) || more !== undefined || type === 'time') {
      return { sql: `nullif(${value}, 'null'::jsonb)`, type: 'jsonb', isAlways: false };
    }
    return { sql: typedJson(value, type!), type: SQL_TYPES[type!], isAlways: false };
  }

  alarm({ alarm, active }: AlarmField): string {
    const kind = alarm === null ? '' : ` AND alarm.kind = ${this.parameters.add(alarm, 'text')}`;
    const lasts = active === undefined ? '' : ` AND alarm.over_step IS ${active ? '' : 'NOT '}NULL`;
    return `EXISTS (SELECT FROM alarms alarm WHERE alarm.run_id = run.id${kind}${lasts})`;
  }

  metric({ metric, of }: MetricField): string {
    const name = this.parameters.add(metric, 'text');
    return this.read(
      'series_summaries',
      (row) => `${row}.run_id = run.id AND ${row}.name = ${name}`,
      (row) => `${row}.${SUMMARIES[of]}`,
    );
  }

  score({ score, class: ofClass, network = 'BRANCH1', subset = 'VAL', pick = 'NEWEST' }: ScoreField): string {
    const of = pick === 'BEST' ? 'best' : 'newest';
    const value = (row: string): string => {
      if (score === 'rare_miou') return this.rareMean(`${row}.${of}`);
      return `${row}.${of}_${COLUMNS[score]}${ofClass === undefined ? '' : `[${this.place(ofClass)}]`}`;
    };
    const [onNetwork, onSubset] = [this.parameters.add(network, 'text'), this.parameters.add(subset, 'text')];
    return this.read(
      'run_scores',
      (row) => `${row}.run_id = run.id AND ${row}.network = ${onNetwork} AND ${row}.subset = ${onSubset}`,
      value,
    );
  }

  /** Of the classes that the evaluated images hold: those with a recall. */
  private rareMean(columns: string): string {
    const places = this.place(RARE, 'int[]');
    return `(SELECT avg(${columns}_ious[place]) FROM unnest(${places}) AS place WHERE ${columns}_recalls[place] IS NOT NULL)`;
  }

  /** Reads from the one row of a table, if there is one. */
  private read(table: string, on: (row: string) => string, value: (row: string) => string): string {
    if (this.reading === 'SUBQUERIES') return `(SELECT ${value('found')} FROM ${table} found WHERE ${on('found')})`;
    const key = `${table} ${on('')}`;
    const [alias] = this.joined.get(key) ?? [`joined${this.joined.size}`];
    this.joined.set(key, [alias, `LEFT JOIN ${table} ${alias} ON ${on(alias)}`]);
    return value(alias);
  }

  /** Where the arrays of a run's scores have a class. Null, and so is the score, if its dataset has no such class. */
  private place(ofClass: string, type: 'int' | 'int[]' = 'int'): string {
    const places = Object.entries(this.classes.get(ofClass) ?? {}).map(
      ([datasetId, index]) =>
        [datasetId, typeof index === 'number' ? index + 1 : index.map((each) => each + 1)] as const,
    );
    if (places.length > 0 && places.length <= FEW_DATASETS) {
      const cases = places.map(
        ([datasetId, place]) =>
          `WHEN ${this.parameters.add(datasetId, 'uuid')} THEN ${this.parameters.add(place, type)}`,
      );
      return `CASE run.dataset_id ${cases.join(' ')} END`;
    }
    const parameter = this.parameters.add(JSON.stringify(Object.fromEntries(places)), 'jsonb');
    // A list is [1, 2] in JSON and {1, 2} in SQL.
    return `(translate(${parameter} ->> run.dataset_id::text, '[]', '{}'))::${type}`;
  }
}

/** Of the view series_summaries. */
export const SUMMARIES: Record<MetricField['of'], string> = {
  last: 'last_value',
  min: 'low',
  max: 'high',
  mean10: 'mean10',
  mean100: 'mean100',
};

/** Of the table run_scores, without "newest" or "best". Those of classes are arrays. */
const COLUMNS: Record<Exclude<ScoreField['score'], 'rare_miou'>, string> = {
  miou: 'mean_iou',
  accuracy: 'pixel_accuracy',
  iou: 'ious',
  precision: 'precisions',
  recall: 'recalls',
};
