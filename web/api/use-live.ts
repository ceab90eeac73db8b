import { useEffect, useRef } from 'react';
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql';

/**
 * Subscribes while the component is mounted. What arrives is merged into the store (store.ts), so whatever is shown of it is up to
 * date without a handler.
 * @param variables null pauses it
 * @param onData called with each message, after it was merged
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
  onData?: (data: Data) => void,
): void {
  const client = useClient();
  const handler = useRef(onData);
  handler.current = onData;
  const key = JSON.stringify(variables);
  useEffect(() => {
    const parsed = JSON.parse(key) as Variables | null;
    if (parsed === null) return;
    const { unsubscribe } = client.subscription(document, parsed).subscribe(({ data }) => {
      if (data) handler.current?.(data);
    });
    return unsubscribe;
  }, [client, document, key]);
}
