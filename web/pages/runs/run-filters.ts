import { parseFilter } from '../../../schema/filter/parse.js';
import { nameOrNumber } from '../../../schema/filter/search.js';
import { FilterError } from '../../../schema/filter/tree.js';
import type { RunWhere } from '../../../schema/generated/web/graphql.js';
import { RUN_STATES } from '../../../schema/run-states.js';

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
  ['CREATED_AT.DESC', 'number desc', 'runs.newestFirst'],
  ['CREATED_AT.ASC', 'number', 'runs.oldestFirst'],
  ['FINISHED_AT.DESC', 'finished desc', 'runs.recentlyFinished'],
  ['MEAN_IOU.DESC', 'miou desc', 'runs.bestMiou'],
  ['PRIORITY.DESC', 'priority desc', 'runs.highestPriority'],
  ['NAME.ASC', 'name', 'runs.byName'],
] as const;

export const ORDERS = ORDERS_WITH_SORT.map(([value, , label]) => [value, label] as const);
export const FIRST_ORDER = ORDERS_WITH_SORT[0][0];

/** A condition on runs. Both parts must hold. */
export interface RunCondition {
  /** What is chosen; null for nothing. */
  where: RunWhere | null;
  /** What is typed as a filter (docs/api/filter.md), exactly as it is, so that the server's errors name the right character. */
  query: string;
}

const is = (path: string, value: string | number | boolean): RunWhere => ({ field: { path }, value });

/** Tags are separated by spaces or commas; a run must have all of them. */
export function toCondition({ study, state, method, tag, text }: RunFilterSettings): RunCondition {
  const tags = tag.split(/[\s,]+/).filter(Boolean);
  const typed = text.trim();
  const typedIsFilter = isFilter(typed);
  const and: RunWhere[] = [
    ...(study ? [is('studyId', study)] : []),
    ...((RUN_STATES as readonly string[]).includes(state) ? [is('state', state)] : []),
    ...(method ? [is('method', method)] : []),
    ...tags.map((each) => is('tag', each)),
    ...(typed && !typedIsFilter ? [nameOrNumber(typed)] : []),
  ];
  return { where: and.length > 0 ? { and } : null, query: typedIsFilter ? text : '' };
}

/**
 * Whether a search is a filter, such as `iou(pole) < 5%`, and not part of a name. A text with a comparison is one even if it has
 * a mistake, which the server then names. Plain words are names, although they would also parse as fields that are true.
 */
function isFilter(text: string): boolean {
  if (/[=<>]/.test(text)) return true;
  try {
    const comparisons = [...parseFilter(text).characters.keys()];
    return comparisons.some(({ field, op, value }) => !('path' in field) || op !== 'eq' || value !== true);
  } catch (error) {
    if (error instanceof FilterError) return false;
    throw error;
  }
}

/** The runs that meet the condition and are not archived. */
export function withoutArchived({ where, query }: RunCondition): RunCondition {
  const visible: RunWhere = { not: is('archived', true) };
  return { where: where ? { and: [where, visible] } : visible, query };
}

/** The text that the server sorts by. An unknown order (from an old or edited URL) becomes the first one. */
export function toSort(order: string): string {
  const [, sort] = ORDERS_WITH_SORT.find(([value]) => value === order) ?? ORDERS_WITH_SORT[0];
  return sort;
}
