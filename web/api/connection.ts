import { useEffect, useRef, useSyncExternalStore } from 'react';

/**
 * How the live connection stands. `opening` lasts until the first connection; `refused` until another token is given;
 * `stopped` means that the server rejects this client for good, as after an update of the server.
 */
export type ConnectionState = 'opening' | 'live' | 'reconnecting' | 'refused' | 'stopped';

interface Connection {
  state: ConnectionState;
  /** Counts connections: it grows by one whenever the connection comes back, and something may have been missed. */
  epoch: number;
}

let connection: Connection = { state: 'opening', epoch: 0 };
const listeners = new Set<() => void>();

/** Told by the WebSocket client; every component that shows or uses the connection follows. */
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

/** Calls `refetch` after each reconnect: what happened in between was not heard. */
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
