import type { KeyType } from '../graphql/sort-keys.js';
import { OrderDirection, type RunOrder, RunOrderField } from './runs.inputs.js';

export interface SortKey {
  /** Names the order in cursors. */
  order: string;
  direction: OrderDirection;
  /** An SQL expression over `run` that is never null. */
  expression: string;
  /** The expression's Postgres type, to which a cursor's text is cast. */
  type: KeyType;
}

const NEWEST_MEAN_IOU = `(SELECT s.newest_mean_iou FROM run_scores s
  WHERE s.run_id = run.id AND s.network = 'BRANCH1' AND s.subset = 'VAL')`;

const DEFAULT: RunOrder = { field: RunOrderField.CREATED_AT, direction: OrderDirection.DESC };

/** The sort key of a list of runs. Ties are broken by id, and missing values come last in either direction. */
export function sortKey({ field, direction }: RunOrder = DEFAULT): SortKey {
  const last = direction === OrderDirection.DESC ? '-infinity' : 'infinity';
  const keys: Record<RunOrderField, [expression: string, type: KeyType]> = {
    // All runs of a study are created at the same time, so sort by number. The parentheses are needed: TypeORM would take
    // a bare 'run.number' for the property, and leave it out of the entity.
    CREATED_AT: ['(run.number)', 'int'],
    FINISHED_AT: [`coalesce(run.finished_at, '${last}')`, 'timestamptz'],
    NAME: ['run.name', 'text'],
    PRIORITY: ['run.priority', 'int'],
    MEAN_IOU: [`coalesce(${NEWEST_MEAN_IOU}, '${last}')`, 'float8'],
  };
  const [expression, type] = keys[field];
  return { order: `${field} ${direction}`, direction, expression, type };
}
