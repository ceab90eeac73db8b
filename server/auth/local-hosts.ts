import type { IncomingMessage } from 'node:http';

/** What a request did wrong by its headers, for its sender; null lets it pass. */
export type RequestCheck = (request: Pick<IncomingMessage, 'headers'>) => string | null;

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * For a server that asks people for no token. A page of any site can have its own name resolve to this machine, and then
 * its requests are of the same origin for the browser; the name that it used is all that gives it away.
 *
 * @param listensOn the address or name that the server was told to listen on, which is as good as localhost
 */
export function localHostsOnly(listensOn: string): RequestCheck {
  const own = listensOn.toLowerCase();
  return ({ headers: { host } }) => {
    const name = host?.toLowerCase().replace(/:\d+$/, '');
    if (name !== undefined && (LOCAL.test(name) || [own, `[${own}]`].includes(name))) return null;
    return `this server asks for no token, so it answers only to localhost, not to ${host ? `"${host}"` : 'a request without Host'}; open it as http://localhost, or start it with AUTH=on`;
  };
}

/** A browser lets any page open a socket to any server: pages of other origins are turned away. Programs send no Origin. */
export const sameOrigin: RequestCheck = ({ headers: { origin, host } }) => {
  if (!origin || (URL.canParse(origin) && new URL(origin).host === host)) return null;
  return `a page of ${origin} may not open a socket to ${host}; open the dashboard that this server serves`;
};
