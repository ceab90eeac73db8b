import {
  type Comparison,
  type Filter,
  isComparison,
  type PathField,
  partsOf,
  SETTINGS,
} from '../../../schema/filter/tree.js';
import { isId } from '../../graphql/ids.js';
import { compared, Parameters } from './comparison-sql.js';
import { type ClassPlaces, FieldSql } from './field-sql.js';
import { type FieldIndex, RUN_FIELDS } from './run-fields.js';
import { settingSql } from './setting-sql.js';

/** A condition of SQL on the row `run`, and the values of its named parameters. */
export interface SqlCondition {
  sql: string;
  parameters: Record<string, unknown>;
}

/**
 * The condition of a checked filter (schema/filter/check.ts). A comparison with what a run does not have is null in SQL, which is
 * as good as false. `not` is pushed down to the comparisons, which are then true if they are false or null.
 */
export function filterSql(filter: Filter, classes: ClassPlaces): SqlCondition {
  const sql = new FilterSql(classes);
  return { sql: sql.whole(filter), parameters: sql.parameters.values };
}

class FilterSql {
  readonly parameters = new Parameters('filter');
  private readonly fields: FieldSql;

  constructor(classes: ClassPlaces) {
    this.fields = new FieldSql(this.parameters, classes, 'JOINS');
  }

  /** Tables of results are joined for all runs at once, in a query of its own, so that the condition only needs `run`. */
  whole(filter: Filter): string {
    const condition = this.condition(filter, false);
    const { joins } = this.fields;
    return joins === '' ? condition : `run.id IN (SELECT run.id FROM runs run ${joins} WHERE ${condition})`;
  }

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
      const exists = this.fields.alarm(field);
      return value === true ? exists : `NOT ${exists}`;
    }
    if ('path' in field) return this.path(field, { op, value });
    const expression = 'metric' in field ? this.fields.metric(field) : this.fields.score(field);
    return compared(expression, 'number', { op, value }, this.parameters);
  }

  private path({ path }: PathField, comparison: Pick<Comparison, 'op' | 'value'>): string {
    if (path.startsWith(SETTINGS)) return settingSql(path.slice(SETTINGS.length), comparison, this.parameters);
    const { types, isList, index } = RUN_FIELDS.get(path)!;
    if (index && (comparison.op === 'eq' || comparison.op === 'in')) {
      return indexed(index, [comparison.value!].flat().map(String), this.parameters);
    }
    const sql = this.fields.own(path);
    if (!isList) return compared(sql, types[0]!, comparison, this.parameters);
    return `EXISTS (SELECT FROM (${sql}) AS entries (entry)
      WHERE ${compared('entry', types[0]!, comparison, this.parameters)})`;
  }
}

/** Whether one of the values is in the column, or is the column. */
function indexed({ column, type }: FieldIndex, values: string[], parameters: Parameters): string {
  if (type === 'text[]') return `${column} && ${parameters.add(values, type)}`;
  // Nothing has an id that is not a UUID.
  return `${column} = ANY (${parameters.add(values.filter(isId), 'uuid[]')})`;
}
