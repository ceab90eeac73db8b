import type { IncomingMessage } from 'node:http';
import { type AppError, refusal } from '../graphql/errors.js';

/** Checks the head of a request. Returns an error for its sender, or null to accept it. */
export type RequestCheck = (request: Pick<IncomingMessage, 'headers'> & { httpVersion?: string }) => AppError | null;

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** What proxies add to a request. */
const FORWARDED = /^(forwarded|via|x-real-ip|x-forwarded-.+)$/;

/**
 * Protects a server that does not require tokens from DNS rebinding. Any web site can make its own name resolve to this
 * machine; to the browser, its requests then have the same origin. Only the name in the Host header gives it away.
 *
 * @param listensOn the address or name that the server listens on, which is accepted like localhost
 */
export function localHostsOnly(listensOn: string): RequestCheck {
  const own = listensOn.toLowerCase();
  return (request) => {
    const { host } = request.headers;
    const name = host?.toLowerCase().replace(/:\d+$/, '');
    if (name !== undefined && (LOCAL.test(name) || [own, `[${own}]`].includes(name))) return directOnly(request);
    return host ? refusal('HOST_NOT_LOCAL', { host }) : refusal('HOST_MISSING');
  };
}

/**
 * Rejects requests that a proxy forwards, because anybody may have sent them. The Host header does not show it: nginx, for
 * one, sends the name that it uses for this server, and by default speaks HTTP/1.0, which no browser or runner does.
 */
const directOnly: RequestCheck = ({ headers, httpVersion }) => {
  const header = Object.keys(headers).find((name) => FORWARDED.test(name));
  if (header === undefined && httpVersion !== '1.0') return null;
  return header === undefined ? refusal('HTTP_TOO_OLD') : refusal('FORWARDED', { header });
};

/** Rejects pages of other origins, because a browser lets any page open a socket to any server. Programs send no Origin. */
export const sameOrigin: RequestCheck = ({ headers: { origin, host } }) => {
  if (!origin || (URL.canParse(origin) && new URL(origin).host === host)) return null;
  return refusal('ORIGIN_FOREIGN', { origin, host: host ?? null });
};
