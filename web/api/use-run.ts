import { useEffect, useRef, useState } from 'react';
import type { CombinedError } from 'urql';
import {
  RunChangedDocument,
  RunDeletedDocument,
  RunDocument,
  type RunQuery,
} from '../../schema/generated/web/graphql.js';
import { useLive } from './use-live.js';
import { useRead } from './use-read.js';
import { useThrottled } from './use-throttled.js';

const READ_AGAIN_AT_MOST_EVERY_MS = 1000;

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
  const { data, error, loading, reading, refresh } = useRead(RunDocument, { id });
  const [deleted, setDeleted] = useState(false);
  // An answer that was on its way when a message arrived may be older than the message, and replaces it in the store.
  const isOvertaken = useRef(false);
  const readAgain = useThrottled(refresh, READ_AGAIN_AT_MOST_EVERY_MS);
  useEffect(() => {
    if (reading || !isOvertaken.current) return;
    isOvertaken.current = false;
    readAgain();
  }, [reading, readAgain]);
  useLive(RunChangedDocument, { runId: id }, () => {
    if (reading) isOvertaken.current = true;
  });
  useLive(RunDeletedDocument, {}, ({ runDeleted }) => {
    if (runDeleted === id) setDeleted(true);
  });
  return { run: data?.run ?? null, loading, deleted, error: data ? undefined : error };
}
