import { useState } from 'react';
import { closeSession } from '../api/session.js';
import { forgetToken, storedToken } from '../api/token.js';
import { t } from '../messages/t.js';

/** Signs out of this browser. The page keeps its token until the server has cleared the cookie, which also holds it. */
export function SignOut() {
  const [failure, setFailure] = useState<string | null>(null);
  if (storedToken() === null) return null;
  const signOut = () => {
    closeSession().then(forgetToken, (error: Error) => setFailure(error.message));
  };
  return (
    <>
      <button type="button" className="sign-out" onClick={signOut}>
        {t('shell.signOut')}
      </button>
      {failure !== null && (
        <p className="notice notice-bad sign-out-failure" role="alert">
          {t('shell.stillSignedIn', { problem: failure })}
        </p>
      )}
    </>
  );
}
