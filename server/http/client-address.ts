import type { IncomingMessage } from 'node:http';
import express, { type Express } from 'express';
import type { TrustedProxies } from '../trusted-proxies.js';

/** Whether an address is a proxy of ours: the `hop`th, counted from 0 at this server. */
export type Trust = (address: string, hop: number) => boolean;

/** The rule that Express made of the setting `trust proxy`, for requests that do not pass through Express. */
export function trustOf(app: Express): Trust {
  return app.get('trust proxy fn') as Trust;
}

/** Where a proxy is that is only counted, and not named. */
const PRIVATE_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Whether connections from an address are those of one of our proxies, which makes many. A number of proxies says nothing
 * about their addresses, and would also hold for a client that connects directly, so only private addresses count as theirs.
 */
export function proxyTest(proxies: TrustedProxies): (address: string) => boolean {
  if (proxies === 0) return () => false;
  const app = express().set('trust proxy', typeof proxies === 'number' ? PRIVATE_NETWORKS : proxies);
  const trust = trustOf(app);
  return (address) => trust(address, 0);
}

/**
 * The address of the client: the nearest one that is not a trusted proxy, as Express' `request.ip`. Each proxy appends the
 * address that it was called from to X-Forwarded-For, so everything further left may be forged.
 */
export function clientAddress({ socket, headers }: IncomingMessage, trust: Trust): string {
  let address = socket.remoteAddress ?? '';
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  for (let hop = 0; trust(address, hop) && forwarded.length > 0; hop++) {
    const next = forwarded.pop()!.trim();
    if (next === '') return address;
    address = next;
  }
  return address;
}
