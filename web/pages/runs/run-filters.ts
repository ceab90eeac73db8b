import { printFilter } from '../../../schema/filter/print.js';
import type { Comparison, Filter } from '../../../schema/filter/tree.js';
import type { RunState } from '../../../schema/generated/web/graphql.js';

/** The settings of the runs page as stored in its URL; '' means "all". */
export interface RunFilterSettings {
  study: string;
  state: string;
  method: string;
  tag: string;
  text: string;
  order: string;
}

/** What the URL has, the text that runs are sorted by, and its label. */
const ORDERS_WITH_SORT = [
  ['CREATED_AT.DESC', 'number desc', 'Newest first'],
  ['CREATED_AT.ASC', 'number', 'Oldest first'],
  ['FINISHED_AT.DESC', 'finished desc', 'Recently finished'],
  ['MEAN_IOU.DESC', 'miou desc', 'Best mIoU'],
  ['PRIORITY.DESC', 'priority desc', 'Highest priority'],
  ['NAME.ASC', 'name', 'Name'],
] as const;

export const ORDERS = ORDERS_WITH_SORT.map(([value, , label]) => [value, label] as const);
export const FIRST_ORDER: string = ORDERS_WITH_SORT[0][0];

export const STATES: RunState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'];

const is = (path: string, value: string): Comparison => ({ field: { path }, op: 'eq', value });

/** The condition on runs of a study, as text. */
export const ofStudy = (id: string): string => printFilter(is('studyId', id));

/** The text that the server filters by; '' for all runs. Tags are separated by spaces or commas; a run must have all of them. */
export function toQuery({ study, state, method, tag, text }: RunFilterSettings): string {
  const tags = tag.split(/[\s,]+/).filter(Boolean);
  const parts: Filter[] = [
    ...(study ? [is('studyId', study)] : []),
    ...(STATES.includes(state as RunState) ? [is('state', state)] : []),
    ...(method ? [is('method', method)] : []),
    ...tags.map((each) => is('tag', each)),
    ...(text.trim() ? [nameOrNumber(text.trim())] : []),
  ];
  if (parts.length === 0) return '';
  return printFilter(parts.length === 1 ? parts[0]! : { and: parts });
}

function nameOrNumber(text: string): Filter {
  const name: Comparison = { field: { path: 'name' }, op: 'contains', value: text };
  if (!/^[1-9]\d{0,8}$/.test(text)) return name;
  return { or: [name, { field: { path: 'number' }, op: 'eq', value: Number(text) }] };
}

/** The runs that meet the condition and are not archived. */
export const withoutArchived = (query: string): string => (query ? `(${query}) and not archived` : 'not archived');

/** The text that the server sorts by. An unknown order (from an old or edited URL) becomes the first one. */
export function toSort(order: string): string {
  const [, sort] = ORDERS_WITH_SORT.find(([value]) => value === order) ?? ORDERS_WITH_SORT[0];
  return sort;
}
