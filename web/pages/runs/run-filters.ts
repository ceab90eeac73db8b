import type {
  OrderDirection,
  RunFilter,
  RunOrder,
  RunOrderField,
  RunState,
} from '../../../schema/generated/web/graphql.js';

/** The runs page's settings as they stand in its address; '' is "all". */
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
  ['FINISHED_AT.DESC', 'Last finished'],
  ['MEAN_IOU.DESC', 'Best mIoU'],
  ['PRIORITY.DESC', 'Priority'],
  ['NAME.ASC', 'Name'],
] as const;

export const STATES: RunState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'];

/** What the server is asked for; several tags are separated by spaces or commas and a run must carry all of them. */
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

/** An order that the page does not offer (an old or edited address) becomes the first one. */
export function toOrder(order: string): RunOrder {
  const known = ORDERS.some(([value]) => value === order) ? order : ORDERS[0][0];
  const [field, direction] = known.split('.') as [RunOrderField, OrderDirection];
  return { field, direction };
}
