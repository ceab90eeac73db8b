const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')!;
// Absolute, because a relative link means something else as soon as another page is shown.
icon.href = String(icon.href);

/**
 * The server's address, with a slash at the end. The server may be behind a path prefix that it does not know, so the address is
 * taken from the document: its links are relative to the page that was loaded (server/http/dashboard.ts).
 */
const base = new URL('.', icon.href);

/** What every page's path is appended to: empty, or such as `/crosscheck`. */
export const pathPrefix = base.pathname.replace(/\/$/, '');

/** The server's address as people type it, without a slash at the end. */
export const serverAddress = base.origin + pathPrefix;

/** The full address of a path of the server, such as `/blobs/…`. */
export function addressOf(path: string): string {
  return serverAddress + path;
}
