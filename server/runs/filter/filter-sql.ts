import {
  type AlarmField,
  type Comparison,
  type Filter,
  isComparison,
  type MetricField,
  type PathField,
  partsOf,
  type ScoreField,
} from '../../../schema/filter/tree.js';
import { compared, Parameters } from './comparison-sql.js';
import { RUN_FIELDS } from './run-fields.js';
import { settingSql } from './setting-sql.js';

/** A condition of SQL on the row `run`, and the values of its named parameters. */
export interface SqlCondition {
  sql: string;
  parameters: Record<string, unknown>;
}

/** For each class that a filter names: where each dataset has it, from 0, by id. */
export type ClassPlaces = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const SETTINGS = 'config.';

/**
 * The condition of a checked filter (schema/filter/check.ts). A comparison with what a run does not have is null in SQL, which is
 * as good as false. `not` is pushed down to the comparisons, which are then true if they are false or null.
 */
export function filterSql(filter: Filter, classes: ClassPlaces): SqlCondition {
  const sql = new FilterSql(classes);
  return { sql: sql.condition(filter, false), parameters: sql.parameters.values };
}

class FilterSql {
  readonly parameters = new Parameters();

  constructor(private readonly classes: ClassPlaces) {}

  condition(filter: Filter, isNegated: boolean): string {
    if (isComparison(filter)) {
      const sql = this.comparison(filter);
      return isNegated ? `((${sql}) IS NOT TRUE)` : `(${sql})`;
    }
    if ('not' in filter) return this.condition(filter.not, !isNegated);
    const joint = 'and' in filter !== isNegated ? ' AND ' : ' OR ';
    const parts = partsOf(filter).map((part) => this.condition(part, isNegated));
    return `(${parts.join(joint)})`;
  }

  private comparison({ field, op, value }: Comparison): string {
    if ('alarm' in field) {
      // Whether there is an alarm is always known.
      if (op === 'known') return 'TRUE';
      const exists = this.alarm(field);
      return value === true ? exists : `NOT ${exists}`;
    }
    if ('path' in field) return this.path(field, { op, value });
    const expression = 'metric' in field ? this.metric(field) : this.score(field);
    return compared(expression, 'number', { op, value }, this.parameters);
  }

  private path({ path }: PathField, comparison: Pick<Comparison, 'op' | 'value'>): string {
    if (path.startsWith(SETTINGS)) return settingSql(path.slice(SETTINGS.length), comparison, this.parameters);
    const { types, isList, sql } = RUN_FIELDS.get(path)!;
    if (!isList) return compared(sql, types[0]!, comparison, this.parameters);
    return `EXISTS (SELECT FROM (${sql}) AS entries (entry)
      WHERE ${compared('entry', types[0]!, comparison, this.parameters)})`;
  }

  private alarm({ alarm, active }: AlarmField): string {
    const kind = alarm === null ? '' : ` AND alarm.kind = ${this.parameters.add(alarm, 'text')}`;
    const lasts = active === undefined ? '' : ` AND alarm.over_step IS ${active ? '' : 'NOT '}NULL`;
    return `EXISTS (SELECT FROM alarms alarm WHERE alarm.run_id = run.id${kind}${lasts})`;
  }

  private metric({ metric, of }: MetricField): string {
    // The newest point of each series is always known.
    if (of === 'last') {
      return `(SELECT known.last_values[array_position(known.series, series.id)] FROM series
        JOIN run_points known ON known.run_id = series.run_id
        WHERE series.run_id = run.id AND series.name = ${this.parameters.add(metric, 'text')})`;
    }
    return `(SELECT summary.${SUMMARIES[of]} FROM series_summaries summary
      WHERE summary.run_id = run.id AND summary.name = ${this.parameters.add(metric, 'text')})`;
  }

  private score({ score, class: ofClass, network = 'BRANCH1', subset = 'VAL', pick = 'NEWEST' }: ScoreField): string {
    const column = `scores.${pick === 'BEST' ? 'best' : 'newest'}_${COLUMNS[score]}`;
    const place = ofClass === undefined ? '' : `[${this.place(ofClass)}]`;
    return `(SELECT ${column}${place} FROM run_scores scores WHERE scores.run_id = run.id
      AND scores.network = ${this.parameters.add(network, 'text')} AND scores.subset = ${this.parameters.add(subset, 'text')})`;
  }

  /** Where the arrays of a run's scores have a class. Null, and so is the score, if its dataset has no such class. */
  private place(ofClass: string): string {
    const places = Object.entries(this.classes.get(ofClass) ?? {}).map(([datasetId, index]) => [datasetId, index + 1]);
    const parameter = this.parameters.add(JSON.stringify(Object.fromEntries(places)), 'jsonb');
    return `(${parameter} ->> run.dataset_id::text)::int`;
  }
}

const SUMMARIES: Record<Exclude<MetricField['of'], 'last'>, string> = {
  min: 'low',
  max: 'high',
  mean10: 'mean10',
  mean100: 'mean100',
};

/** Of the table run_scores, without "newest" or "best". Those of classes are arrays. */
const COLUMNS: Record<ScoreField['score'], string> = {
  miou: 'mean_iou',
  accuracy: 'pixel_accuracy',
  iou: 'ious',
  precision: 'precisions',
  recall: 'recalls',
};
