import { useCallback, useState } from 'react';
import { type CombinedError, useQuery } from 'urql';
import {
  RunChangedDocument,
  RunDeletedDocument,
  RunDocument,
  type RunHeadFragment,
  type RunQuery,
} from '../../schema/generated/web/graphql.js';
import { useAfterReconnect } from './connection.js';
import { useLive } from './use-live.js';
import { useThrottled } from './use-throttled.js';

const REFETCH_AT_MOST_EVERY_MS = 500;

/** The fields that `updateRun` changes. */
const EDITABLE = ['name', 'tags', 'notes', 'priority', 'archivedAt'] as const;

export type RunDetails = NonNullable<RunQuery['run']>;

export interface RunPageState {
  run: RunDetails | null;
  loading: boolean;
  /** True after the run was deleted, here or by someone else. */
  deleted: boolean;
  error: CombinedError | undefined;
  /** Number of changes received. When it increases, there may be new samples and log lines. */
  changes: number;
  /** Loads the whole run again. */
  refetch: () => void;
}

/**
 * A run as first loaded, plus the changes since. The attempts are loaded again when the run's state changes, and who edited it
 * when somebody has.
 */
export function useRun(id: string): RunPageState {
  const [{ data, fetching, error }, execute] = useQuery({ query: RunDocument, variables: { id } });
  const [head, setHead] = useState<RunHeadFragment | null>(null);
  const [changes, setChanges] = useState(0);
  const [deleted, setDeleted] = useState(false);
  const refetch = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const refetchSoon = useThrottled(refetch, REFETCH_AT_MOST_EVERY_MS);
  const startAfresh = useCallback(() => {
    setHead(null);
    setChanges((before) => before + 1);
    refetch();
  }, [refetch]);
  useAfterReconnect(startAfresh);

  const loaded = data?.run ?? null;
  useLive(RunChangedDocument, { runId: id }, ({ runChanged }) => {
    setHead(runChanged);
    setChanges((before) => before + 1);
    if (loaded?.state !== runChanged.state || loaded.runner?.id !== runChanged.runner?.id) refetchSoon();
    else if (wasEdited(loaded, runChanged)) refetchSoon();
  });
  useLive(RunDeletedDocument, {}, ({ runDeleted }) => {
    if (runDeleted === id) setDeleted(true);
  });

  const run = loaded && head ? { ...loaded, ...head, dataset: loaded.dataset } : loaded;
  return { run, loading: fetching && !data, deleted, error: data ? undefined : error, changes, refetch };
}

/** Whether somebody has changed what people can edit. */
function wasEdited(before: RunHeadFragment, after: RunHeadFragment): boolean {
  return EDITABLE.some((field) => String(before[field]) !== String(after[field]));
}
