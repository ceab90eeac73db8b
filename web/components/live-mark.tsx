import { type ConnectionState, useConnection } from '../api/connection.js';
import type { MessageId } from '../messages/language.js';
import { t } from '../messages/t.js';

const WORDS = {
  opening: 'shell.connecting',
  live: 'shell.live',
  silent: 'shell.noAnswerYet',
  reconnecting: 'shell.reconnecting',
  refused: 'shell.notSignedIn',
  stopped: 'shell.stopped',
} as const satisfies Record<ConnectionState, MessageId>;

/** Shows whether the page is live. */
export function LiveMark() {
  const { state } = useConnection();
  return (
    <span className={`live-mark live-${state}`} role="status">
      {t(WORDS[state])}
    </span>
  );
}
