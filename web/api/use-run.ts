import { useCallback, useEffect, useState } from 'react';
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

export type RunDetails = NonNullable<RunQuery['run']>;

export interface RunPageState {
  run: RunDetails | null;
  loading: boolean;
  /** True after the run was deleted, here or by someone else. */
  deleted: boolean;
  error: CombinedError | undefined;
  /** Asks for all of it again. */
  refetch: () => void;
}

/** A run with its newest state laid over what was first loaded; its attempts are loaded again when its state changes. */
export function useRun(id: string): RunPageState {
  const [{ data, fetching, error }, execute] = useQuery({ query: RunDocument, variables: { id } });
  const [head, setHead] = useState<RunHeadFragment | null>(null);
  const [deleted, setDeleted] = useState(false);
  const refetch = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  useAfterReconnect(refetch);

  useLive(RunChangedDocument, { runId: id }, ({ runChanged }) => setHead(runChanged));
  useLive(RunDeletedDocument, {}, ({ runDeleted }) => {
    if (runDeleted === id) setDeleted(true);
  });

  // What was just loaded is newer than what was heard before; what is heard later is laid over it again.
  useEffect(() => {
    if (data) setHead(null);
  }, [data]);

  const state = head?.state;
  const runner = head?.runner?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of state or runner is what makes attempts change
  useEffect(() => {
    if (state) refetch();
  }, [state, runner, refetch]);

  const loaded = data?.run ?? null;
  const run = loaded && head ? { ...loaded, ...head, dataset: loaded.dataset } : loaded;
  return { run, loading: fetching && !data, deleted, error: data ? undefined : error, refetch };
}
