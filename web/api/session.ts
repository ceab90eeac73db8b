import { t } from '../messages/t.js';
import { addressOf } from './base.js';
import { authorization } from './token.js';

/**
 * Trades the stored token for a cookie, because images cannot send an Authorization header. Resolves when images can be
 * loaded, also if there is no token or the server rejects it: the page then asks for another one.
 */
export async function openSession(): Promise<void> {
  const header = authorization();
  if (header) await fetch(addressOf('/blobs/session'), { method: 'POST', headers: { authorization: header } });
}

/** Removes the cookie from this browser. The token itself stays valid. @throws if the server has not done it, and says why */
export async function closeSession(): Promise<void> {
  const unreachable = () => {
    throw new Error(t('shell.noAnswer'));
  };
  const response = await fetch(addressOf('/blobs/session'), { method: 'DELETE' }).catch(unreachable);
  if (!response.ok) throw new Error(t('shell.status', { status: response.status }));
}
