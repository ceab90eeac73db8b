import { useEffect, useRef, useSyncExternalStore } from 'react';

/**
 * The state of the live connection. `opening` lasts until the first connection, `refused` until the user enters another
 * token. `stopped` means that the server rejects this client permanently, for example after a server update.
 */
export type ConnectionState = 'opening' | 'live' | 'reconnecting' | 'refused' | 'stopped';

interface Connection {
  state: ConnectionState;
  /** Number of connections so far. After each new connection, some events may have been missed. */
  epoch: number;
}

let connection: Connection = { state: 'opening', epoch: 0 };
const listeners = new Set<() => void>();

/** Called by the WebSocket client; updates every component that shows or uses the connection. */
export function setConnectionState(state: ConnectionState): void {
  if (connection.state === 'refused') return;
  const epoch = state === 'live' && connection.state !== 'live' ? connection.epoch + 1 : connection.epoch;
  connection = { state, epoch };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

/** Calls `refetch` after each reconnect, because events in between were missed. */
export function useAfterReconnect(refetch: () => void): void {
  const { epoch } = useConnection();
  const seen = useRef(epoch);
  useEffect(() => {
    if (seen.current === epoch) return;
    const first = seen.current === 0;
    seen.current = epoch;
    if (!first) refetch();
  }, [epoch, refetch]);
}
