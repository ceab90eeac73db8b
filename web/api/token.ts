const STORAGE_KEY = 'crosscheck.token';

/** The user token stored in this browser; null when there is none. */
export function storedToken(): string | null {
  return localStorage.getItem(STORAGE_KEY);
}

/** Stores the token in this browser and reloads, so that no response to the old token stays on the page. */
export function replaceToken(token: string): void {
  localStorage.setItem(STORAGE_KEY, token.trim());
  location.reload();
}

/** Removes the token from this browser and reloads. */
export function forgetToken(): void {
  localStorage.removeItem(STORAGE_KEY);
  location.reload();
}

/** The value of the Authorization header and of `connectionParams.authorization`; null without a token. */
export function authorization(): string | null {
  const token = storedToken();
  return token ? `Bearer ${token}` : null;
}
