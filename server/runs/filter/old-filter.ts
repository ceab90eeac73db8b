import type { Comparison, Filter } from '../../../schema/filter/tree.js';
import type { RunFilter } from '../runs.inputs.js';

/** The tree of the deprecated argument `filter`, whose values were checked; null if it has no conditions. */
export function oldFilterTree({
  studyId,
  states,
  methods,
  dataset,
  splitHash,
  tags,
  search,
}: RunFilter): Filter | null {
  const is = (path: string, value: Comparison['value']): Comparison => ({ field: { path }, op: 'eq', value: value! });
  const parts: Filter[] = [
    ...(studyId ? [is('studyId', studyId)] : []),
    ...(states ? [{ field: { path: 'state' }, op: 'in' as const, value: states }] : []),
    ...(methods ? [{ field: { path: 'method' }, op: 'in' as const, value: methods }] : []),
    ...(dataset ? [is('dataset', dataset)] : []),
    ...(splitHash ? [is('splitHash', splitHash)] : []),
    ...(tags ?? []).map((tag) => is('tag', tag)),
    ...(search ? [nameOrNumber(search)] : []),
  ];
  return parts.length === 0 ? null : { and: parts };
}

function nameOrNumber(search: string): Filter {
  const name: Comparison = { field: { path: 'name' }, op: 'contains', value: search };
  if (!/^[1-9]\d{0,8}$/.test(search)) return name;
  return { or: [name, { field: { path: 'number' }, op: 'eq', value: Number(search) }] };
}
