import { type ConnectionState, useConnection } from '../api/connection.js';

const WORDS: Record<ConnectionState, string> = {
  opening: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  refused: 'not signed in',
  stopped: 'not live: reload the page',
};

/** Shows whether the page is live. */
export function LiveMark() {
  const { state } = useConnection();
  return (
    <span className={`live-mark live-${state}`} role="status">
      {WORDS[state]}
    </span>
  );
}
