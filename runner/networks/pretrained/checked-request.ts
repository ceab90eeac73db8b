import { lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type AllowedHost, allowedHostOf, mayConnect } from '../../files/allowed-hosts.js';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const ANSWER_MS = 60_000;
const IDLE_MS = 60_000;

/** A request that would fail again, or that the machine's owner does not allow. */
export class Refused extends Error {}

/**
 * Sends a GET request to an allowed host, and follows at most five redirects to allowed hosts. Every address that a host
 * resolves to is checked, and the connection goes to a checked address: a second answer of the DNS changes nothing.
 * @returns the answer, whose body the caller must read or destroy
 * @throws Refused when a host or an address is not allowed
 */
export async function checkedRequest(
  source: string,
  headers: Record<string, string>,
  hosts: readonly AllowedHost[],
): Promise<IncomingMessage> {
  let url = new URL(source);
  for (let redirects = 0; ; redirects++) {
    const answer = await requestOnce(url, headers, hosts);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.statusCode!) || location === undefined) return answer;
    answer.destroy();
    if (redirects === MOST_REDIRECTS) throw new Refused(`it was redirected more than ${MOST_REDIRECTS} times`);
    if (!URL.canParse(location, url.href)) throw new Refused('it was redirected to something that is not an address');
    url = new URL(location, url);
  }
}

async function requestOnce(
  url: URL,
  headers: Record<string, string>,
  hosts: readonly AllowedHost[],
): Promise<IncomingMessage> {
  if (url.username !== '' || url.password !== '') throw new Refused('its address contains a password');
  const host = allowedHostOf(url, hosts);
  if (!host) {
    const known = url.protocol === 'http:' || url.protocol === 'https:';
    throw new Refused(known ? `the host ${url.host} is not allowed` : `${url.protocol} is not http or https`);
  }
  const literal = host.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !mayConnect(literal, host)) throw notAllowed(host, literal);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    // Without an agent, no connection is shared with another request.
    const sent = send(url, { headers, agent: false, timeout: IDLE_MS, lookup: checkedLookup(host) });
    const deadline = setTimeout(() => sent.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    sent.on('timeout', () => sent.destroy(new Error(`no data for ${IDLE_MS / 1000} s`)));
    sent.on('error', reject);
    sent.on('close', () => clearTimeout(deadline));
    sent.on('response', (answer) => {
      clearTimeout(deadline);
      resolve(answer);
    });
    sent.end();
  });
}

/** Resolves a name and fails if any of its addresses is not allowed. */
function checkedLookup(host: AllowedHost): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      const bad = addresses?.find(({ address }) => !mayConnect(address, host));
      if (error) done(error, '', 0);
      else if (!first) done(new Refused(`${hostname} has no address`), '', 0);
      else if (bad) done(notAllowed(host, bad.address), '', 0);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function notAllowed({ hostname, port }: AllowedHost, address: string): Refused {
  const name = port === null ? hostname : `${hostname}:${port}`;
  return new Refused(
    `${hostname} has the address ${address}, which is not public; to allow it, use --allow-host ${name}=${address}`,
  );
}
