import { isIP, isIPv6 } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** A host that the runner's owner lets it download from. */
export interface AllowedHost {
  /** As in a URL: in lower case, IPv6 addresses in brackets. */
  hostname: string;
  /** Null: the usual port of the URL's scheme. */
  port: number | null;
  /** An address that the host may resolve to although it is not public. */
  address: string | null;
}

const FORM = /^(\[[0-9a-f:.]+\]|[^:=[\]]+)(?::(\d{1,5}))?(?:=([0-9a-f:.]+))?$/i;
const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/**
 * Reads `NAME`, `NAME:PORT` or `ADDRESS:PORT`; an IPv6 address is in brackets. `NAME=ADDRESS` lets a name resolve to an
 * address that is not public.
 * @throws Error that says what is allowed
 */
export function parseAllowedHost(text: string): AllowedHost {
  const wrong = (why: string) =>
    new Error(`${why}; give NAME, NAME:PORT, ADDRESS:PORT or, for a host in a private network, NAME=ADDRESS`);
  const [, name, port, address] = FORM.exec(text) ?? [];
  if (name === undefined || !URL.canParse(`http://${name}`)) throw wrong(`"${text}" is not a host`);
  const { hostname, href } = new URL(`http://${name}`);
  const plain = /^[a-z0-9._-]+$/.test(hostname) || hostname.startsWith('[');
  if (!plain || href !== `http://${hostname}/`) throw wrong(`"${text}" is not a host`);
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) throw wrong(`${port} is not a port`);
  if (address !== undefined && isIP(address) === 0) throw wrong(`"${address}" is not an IP address`);
  return {
    hostname,
    port: port === undefined ? null : Number(port),
    address: address === undefined ? null : canonical(address),
  };
}

/** The entry that allows a URL, by its exact host and port; null if none does. */
export function allowedHostOf(url: URL, hosts: readonly AllowedHost[]): AllowedHost | null {
  const usual = PORTS[url.protocol];
  if (usual === undefined) return null;
  const port = url.port === '' ? usual : Number(url.port);
  return hosts.find((host) => host.hostname === url.hostname && (host.port ?? usual) === port) ?? null;
}

/**
 * Whether a connection may be made to an address that an allowed host has: a public one, the one that the owner wrote
 * down for it, or the host itself if the owner allowed an address.
 */
export function mayConnect(address: string, host: AllowedHost): boolean {
  if (isPublicAddress(address)) return true;
  const same = canonical(address);
  return same === host.address || same === host.hostname.replace(/^\[|\]$/g, '');
}

/** The one way to write an address; IPv6 has many. */
function canonical(address: string): string {
  if (!isIPv6(address) || address.includes('%')) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
