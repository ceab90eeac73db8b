import { useCallback, useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import {
  RunDeletedDocument,
  type RunRowFragment,
  RunsChangedDocument,
  RunsDocument,
  type RunWhere,
} from '../../schema/generated/web/graphql.js';
import { useAfterReconnect } from './connection.js';
import { useLive } from './use-live.js';
import { useThrottled } from './use-throttled.js';

/** The largest page that the server returns. */
const LARGEST_PAGE = 100;
const REFETCH_AT_MOST_EVERY_MS = 500;

export interface RunListState {
  runs: RunRowFragment[];
  totalCount: number;
  hasMore: boolean;
  loading: boolean;
  error: CombinedError | undefined;
}

/** Which runs to list, and in which order. */
export interface WantedRuns {
  /** What is chosen; null for all. */
  where: RunWhere | null;
  /** A condition as text, which must hold too; '' for none. */
  query: string;
  sort: string;
  /** The study that all of them belong to, if there is one. */
  studyId: string | null;
}

const nothing: RunListState = { runs: [], totalCount: 0, hasMore: false, loading: true, error: undefined };

/**
 * The first `count` runs that match the filter, kept up to date. A change to a listed run updates its row immediately.
 * When a run appears, disappears or changes state, the list is loaded again, because its order or contents may differ.
 */
export function useRunList({ where, query, sort, studyId }: WantedRuns, count: number): RunListState {
  const client = useClient();
  const [list, setList] = useState(nothing);
  const wanted = JSON.stringify({ where, query, sort, count });
  const latest = useRef(0);
  const changed = useRef(new Map<string, RunRowFragment>());

  const read = useCallback(
    async (request: number) => {
      if (request !== latest.current) return;
      const { count, ...asked } = JSON.parse(wanted) as Omit<WantedRuns, 'studyId'> & { count: number };
      // An answer may have been read before a change that arrives first, so it must not overwrite that change.
      changed.current = new Map();
      const runs: RunRowFragment[] = [];
      let after: string | null | undefined;
      for (;;) {
        const first = Math.min(LARGEST_PAGE, count - runs.length);
        const variables = { ...asked, first, after };
        const { data, error } = await client
          .query(RunsDocument, variables, { requestPolicy: 'network-only' })
          .toPromise();
        if (request !== latest.current) return;
        // Rows under a filter that was refused would look like its result.
        if (error && error.graphQLErrors.length > 0) return setList({ ...nothing, loading: false, error });
        if (!data || error) return setList((before) => ({ ...before, loading: false, error }));
        const { edges, pageInfo, totalCount } = data.runs;
        runs.push(...edges.map(({ node }) => node));
        after = pageInfo.endCursor;
        if (!pageInfo.hasNextPage || runs.length >= count) {
          const newest = runs.map((run) => changed.current.get(run.id) ?? run);
          return setList({ runs: newest, totalCount, hasMore: pageInfo.hasNextPage, loading: false, error: undefined });
        }
      }
    },
    [client, wanted],
  );

  // urql would answer a query that is still in flight with the answer to the first, which may be older than a change since. So the
  // next load of the same list begins when the last one has ended.
  const reading = useRef<{ read: unknown; ended: Promise<void> }>(undefined);
  const load = useCallback(() => {
    const request = ++latest.current;
    const before = reading.current?.read === read ? reading.current.ended : Promise.resolve();
    reading.current = { read, ended: before.then(() => read(request)) };
  }, [read]);

  const refetch = useThrottled(load, REFETCH_AT_MOST_EVERY_MS);
  useEffect(() => {
    setList((before) => ({ ...before, loading: true }));
    load();
  }, [load]);
  useAfterReconnect(refetch);

  const known = useRef(list.runs);
  known.current = list.runs;
  useLive(RunsChangedDocument, { studyId }, ({ runsChanged: run }) => {
    changed.current.set(run.id, run);
    const before = known.current.find(({ id }) => id === run.id);
    if (before) setList((list) => ({ ...list, runs: list.runs.map((each) => (each.id === run.id ? run : each)) }));
    if (before?.state !== run.state || (before.archivedAt === null) !== (run.archivedAt === null)) refetch();
  });
  useLive(RunDeletedDocument, {}, ({ runDeleted: id }) => {
    if (known.current.some((run) => run.id === id)) refetch();
  });
  return list;
}
