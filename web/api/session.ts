import { authorization, forgetToken } from './token.js';

/**
 * Trades the stored token for a cookie, because images cannot send an Authorization header. Resolves when images can be
 * loaded, also if there is no token or the server rejects it: the page then asks for another one.
 */
export async function openSession(): Promise<void> {
  const header = authorization();
  if (header) await fetch('/session', { method: 'POST', headers: { authorization: header } });
}

/** Removes the cookie and the token from this browser, and reloads. The token itself stays valid. */
export async function signOut(): Promise<void> {
  try {
    await fetch('/session', { method: 'DELETE' });
  } finally {
    forgetToken();
  }
}
