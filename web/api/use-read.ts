import { useCallback, useMemo, useRef } from 'react';
import { type AnyVariables, type CombinedError, createRequest, type TypedDocumentNode, useQuery } from 'urql';
import { useAfterReconnect } from './connection.js';

/** What a page knows of what it has asked for. */
export interface Read<Data> {
  /** The answer to exactly these variables, kept up to date by all that arrives; never that of other variables. */
  data: Data | undefined;
  error: CombinedError | undefined;
  /** Nothing to show yet, and an answer is on its way. */
  loading: boolean;
  /** An answer is on its way, whether or not there is something to show. */
  reading: boolean;
  /** Asks the server again. What is shown stays until the answer arrives. */
  refresh: () => void;
}

/**
 * Reads something, and keeps it up to date: what the store has is shown at once, the server is asked when the page opens and after
 * each reconnect, and what subscriptions and mutations bring is merged (store.ts). So a page calls `refresh` only for what no
 * message contains.
 * @param variables null asks for nothing
 */
export function useRead<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): Read<Data> {
  const [result, execute] = useQuery({
    query: document,
    variables: variables as Variables,
    pause: variables === null,
    requestPolicy: 'cache-and-network',
  });
  const key = useKey(document, variables);
  const refresh = useCallback(() => {
    if (key !== null) execute({ requestPolicy: 'network-only' });
  }, [execute, key]);
  useAfterReconnect(refresh);
  // urql keeps the last answer while it waits for that to other variables, but not when it could not be read again.
  const isOurs = key !== null && result.operation?.key === key;
  const last = useRef<{ key: number | null; data: Data | undefined }>({ key, data: undefined });
  if (last.current.key !== key) last.current = { key, data: undefined };
  if (isOurs && result.data !== undefined) last.current.data = result.data;
  const { data } = last.current;
  const error = isOurs ? result.error : undefined;
  const reading = result.fetching || result.stale;
  return { data, error, loading: key !== null && data === undefined && error === undefined, reading, refresh };
}

/** Identifies the document with its variables. */
function useKey<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): number | null {
  const text = JSON.stringify(variables);
  return useMemo(() => {
    const parsed = JSON.parse(text) as Variables | null;
    return parsed && createRequest(document, parsed).key;
  }, [document, text]);
}
