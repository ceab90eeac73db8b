import type { RunRowFragment, RunWhere } from '../../schema/generated/web/graphql.js';

/** Which runs to list, and in which order. */
export interface WantedRuns {
  /** What is chosen; null for all. */
  where: RunWhere | null;
  /** A condition as text, which must hold too; '' for none. */
  query: string;
  /** What they are sorted by, as text (docs/api/runs.md). */
  sort: string;
}

/** Fields that training does not change. A list that is sorted by them keeps its order while runs report. */
const STEADY = /^(number|name|seed|priority|created|started|finished)( (asc|desc))?$/;

/**
 * Whether a list may look different after a run has reported progress: when its order or its condition may depend on scores or
 * steps. Says yes when in doubt.
 */
export function dependsOnProgress({ where, query, sort }: WantedRuns): boolean {
  return query !== '' || !sort.split(/\s*,\s*/).every((key) => STEADY.test(key)) || mentionsProgress(where);
}

/** Fields of choices that training does not change. */
const STEADY_CHOICES = new Set(['name', 'number', 'seed', 'state', 'method', 'tag', 'studyId', 'archived']);

function mentionsProgress(where: RunWhere | null | undefined): boolean {
  if (!where) return false;
  const { field, and, or, not } = where;
  const own = field ? !STEADY_CHOICES.has(field.path ?? '') : false;
  return own || [...(and ?? []), ...(or ?? []), not].some(mentionsProgress);
}

/**
 * What decides whether a run is in a list, and where. While it stays the same, the list need not be read again.
 * @param withProgress whether everything about it counts, such as its scores (dependsOnProgress)
 */
export function placeOf(run: RunRowFragment, withProgress: boolean): string {
  const { state, name, tags, priority, archivedAt, startedAt, finishedAt, study } = run;
  return JSON.stringify(
    withProgress ? run : [state, name, tags, priority, archivedAt, startedAt, finishedAt, study?.id],
  );
}
