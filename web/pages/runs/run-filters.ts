import type {
  OrderDirection,
  RunFilter,
  RunOrder,
  RunOrderField,
  RunState,
} from '../../../schema/generated/web/graphql.js';

/** The settings of the runs page as stored in its URL; '' means "all". */
export interface RunFilterSettings {
  study: string;
  state: string;
  method: string;
  tag: string;
  text: string;
  order: string;
}

export const ORDERS = [
  ['CREATED_AT.DESC', 'Newest first'],
  ['CREATED_AT.ASC', 'Oldest first'],
  ['FINISHED_AT.DESC', 'Recently finished'],
  ['MEAN_IOU.DESC', 'Best mIoU'],
  ['PRIORITY.DESC', 'Highest priority'],
  ['NAME.ASC', 'Name'],
] as const;

export const STATES: RunState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'];

/** The filter sent to the server. Tags are separated by spaces or commas; a run must have all of them. */
export function toFilter({ study, state, method, tag, text }: RunFilterSettings): RunFilter {
  const tags = tag.split(/[\s,]+/).filter(Boolean);
  return {
    ...(study && { studyId: study }),
    ...(STATES.includes(state as RunState) && { states: [state as RunState] }),
    ...(method && { methods: [method] }),
    ...(tags.length > 0 && { tags }),
    ...(text.trim() && { search: text.trim() }),
  };
}

/** An unknown order (from an old or edited URL) becomes the first one. */
export function toOrder(order: string): RunOrder {
  const known = ORDERS.some(([value]) => value === order) ? order : ORDERS[0][0];
  const [field, direction] = known.split('.') as [RunOrderField, OrderDirection];
  return { field, direction };
}
