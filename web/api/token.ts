const STORAGE_KEY = 'crosscheck.token';

/** The user token that this browser sends; null when none was entered. */
export function storedToken(): string | null {
  return localStorage.getItem(STORAGE_KEY);
}

/** Keeps the token for this browser and starts afresh, so that no answer to the old one stays on the page. */
export function replaceToken(token: string): void {
  localStorage.setItem(STORAGE_KEY, token.trim());
  location.reload();
}

/** The value of the Authorization header, and of `connectionParams.authorization`; null without a token. */
export function authorization(): string | null {
  const token = storedToken();
  return token ? `Bearer ${token}` : null;
}
