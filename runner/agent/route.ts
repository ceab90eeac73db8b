import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { UserError } from '../../schema/exit-codes.js';
import { isLoopbackHost } from '../files/public-address.js';

/** How requests reach a server: directly, or through a proxy. */
export interface Route {
  /** For `fetch` of undici. */
  dispatcher: Dispatcher;
  /** For WebSockets; undefined without a proxy. */
  agent: HttpsProxyAgent<string> | undefined;
  /** The proxy's address without its password; null without a proxy. */
  proxy: string | null;
}

/** Of undici 7, the newest for Node 20. Its `fetch` takes the proxy, which the one inside Node may not understand. */
const direct = new Agent();

/**
 * Obeys HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case. Node's own `fetch` ignores them. A server on
 * this machine is reached directly, unless CROSSCHECK_PROXY_LOOPBACK is `on`.
 * @throws UserError if the proxy is not an HTTP proxy
 */
export function routeTo(server: URL): Route {
  const given = isLoopbackHost(server.hostname) && !proxiesLoopback() ? '' : getProxyForUrl(server.href);
  if (given === '') return { dispatcher: direct, agent: undefined, proxy: null };
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    const shown = url ? `${url.protocol}//${url.host}` : 'its value';
    throw new UserError(
      `the proxy for ${server.origin} (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY) must be an address such as ` +
        `http://proxy.example.org:3128, got ${shown}; to connect directly, add ${server.hostname} to NO_PROXY`,
    );
  }
  return {
    // Plain http is forwarded: many proxies allow tunnels only to port 443.
    dispatcher: new ProxyAgent({ uri: url.href, proxyTunnel: false }),
    agent: new HttpsProxyAgent(url.href),
    proxy: url.origin,
  };
}

function proxiesLoopback(): boolean {
  return process.env.CROSSCHECK_PROXY_LOOPBACK === 'on';
}
