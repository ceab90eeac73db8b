import { useEffect, useRef, useSyncExternalStore } from 'react';

/**
 * The state of the live connection. `opening` lasts until the first connection, `refused` until the user enters another
 * token. `silent` means that the server has not answered for a moment, but the connection is not closed. `stopped` means that the
 * server rejects this client permanently, for example after a server update.
 */
export type ConnectionState = 'opening' | 'live' | 'silent' | 'reconnecting' | 'refused' | 'stopped';

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
  if (state === connection.state) return;
  // Nothing is missed while a connection is only silent.
  const isNew = state === 'live' && connection.state !== 'silent';
  connection = { state, epoch: connection.epoch + (isNew ? 1 : 0) };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server has not answered lately; it still may. */
export function setSilent(): void {
  if (connection.state === 'live') setConnectionState('silent');
}

/** The server has answered. */
export function setHeard(): void {
  if (connection.state === 'silent') setConnectionState('live');
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

/**
 * Calls `refetch` after each connection that was opened since the component was mounted, because events before it were missed: after
 * each reconnect, and after the first connection of a page that began to read before it.
 */
export function useAfterReconnect(refetch: () => void): void {
  const { epoch } = useConnection();
  const seen = useRef(epoch);
  useEffect(() => {
    if (seen.current === epoch) return;
    seen.current = epoch;
    refetch();
  }, [epoch, refetch]);
}
