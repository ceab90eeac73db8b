import { isIP } from 'node:net';

/** A number of proxies, or their addresses, networks and names of networks, as Express takes them. */
export type TrustedProxies = number | string[];

const MOST_HOPS = 10;
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Whether the text is a number of proxies from 0 to 10, or a list of addresses and networks, separated by commas. */
export function isTrustList(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) <= MOST_HOPS;
  return entries(text).every((entry) => NETWORKS.has(entry) || isNetwork(entry));
}

/** @param text one that isTrustList() accepts */
export function parseTrust(text: string): TrustedProxies {
  return /^\d+$/.test(text) ? Number(text) : entries(text);
}

const entries = (text: string): string[] => text.split(',').map((entry) => entry.trim());

/** An address, or a network such as 10.0.0.0/8. */
function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
