import type { IncomingMessage } from 'node:http';

/** Checks the headers of a request. Returns an error message for its sender, or null to accept it. */
export type RequestCheck = (request: Pick<IncomingMessage, 'headers'>) => string | null;

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Protects a server that does not require tokens from DNS rebinding. Any web site can make its own name resolve to this
 * machine; to the browser, its requests then have the same origin. Only the name in the Host header gives it away.
 *
 * @param listensOn the address or name that the server listens on, which is accepted like localhost
 */
export function localHostsOnly(listensOn: string): RequestCheck {
  const own = listensOn.toLowerCase();
  return ({ headers: { host } }) => {
    const name = host?.toLowerCase().replace(/:\d+$/, '');
    if (name !== undefined && (LOCAL.test(name) || [own, `[${own}]`].includes(name))) return null;
    const got = host ? `the Host header is "${host}"` : 'the request has no Host header';
    return `this server requires no tokens, so it only answers requests to localhost, but ${got}; use http://localhost, or start the server with AUTH=on`;
  };
}

/** Rejects pages of other origins, because a browser lets any page open a socket to any server. Programs send no Origin. */
export const sameOrigin: RequestCheck = ({ headers: { origin, host } }) => {
  if (!origin || (URL.canParse(origin) && new URL(origin).host === host)) return null;
  return `a page from ${origin} cannot open a socket to ${host}; open the dashboard that this server serves`;
};
