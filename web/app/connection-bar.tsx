import { useConnection } from '../api/connection.js';
import { t } from '../messages/t.js';

/** Says at the top of every page that it is not up to date, and what happens next. */
export function ConnectionBar() {
  const { state, epoch } = useConnection();
  if (state === 'stopped') {
    return (
      <div className="connection-bar" role="alert">
        {t('shell.serverStopped')}{' '}
        <button type="button" onClick={() => location.reload()}>
          {t('common.reload')}
        </button>
      </div>
    );
  }
  const isLost = state === 'silent' || state === 'reconnecting';
  // Before the first connection, each part of the page says what it waits for.
  if (!isLost || epoch === 0) return null;
  return (
    <div className="connection-bar" role="alert">
      {t('shell.lost')}
    </div>
  );
}
