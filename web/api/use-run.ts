import { useState } from 'react';
import type { CombinedError } from 'urql';
import {
  RunChangedDocument,
  RunDeletedDocument,
  RunDocument,
  type RunQuery,
} from '../../schema/generated/web/graphql.js';
import { useLive } from './use-live.js';
import { useRead } from './use-read.js';

export type RunDetails = NonNullable<RunQuery['run']>;

export interface RunPageState {
  run: RunDetails | null;
  loading: boolean;
  /** True after the run was deleted, here or by someone else. */
  deleted: boolean;
  error: CombinedError | undefined;
}

/** A run, followed: each message has everything of it that can change. */
export function useRun(id: string): RunPageState {
  const { data, error, loading } = useRead(RunDocument, { id });
  const [deleted, setDeleted] = useState(false);
  useLive(RunChangedDocument, { runId: id });
  useLive(RunDeletedDocument, {}, ({ runDeleted }) => {
    if (runDeleted === id) setDeleted(true);
  });
  return { run: data?.run ?? null, loading, deleted, error: data ? undefined : error };
}
