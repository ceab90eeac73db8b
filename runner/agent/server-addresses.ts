import { isLoopbackHost } from '../files/public-address.js';

/** The addresses of the servers that share a database. All of them know this runner; it uses one at a time. */
export class ServerAddresses {
  private index = 0;

  /** @param all in the order in which they are tried, at least one; each ends in /graphql */
  constructor(readonly all: readonly URL[]) {}

  get current(): URL {
    return this.all[this.index]!;
  }

  /**
   * Moves on to the next address, unless another request has done so already.
   * @param url what was requested, at or beside the address that did not work
   */
  failed(url: URL): void {
    if (isBeside(this.current, url)) this.index = (this.index + 1) % this.all.length;
  }

  /** The address that was requested: at `url` or beside it. */
  of(url: URL): URL {
    return this.all.find((address) => isBeside(address, url)) ?? this.current;
  }

  /** What to say about addresses at which everybody on the way can read the token and the data; null if there are none. */
  get warning(): string | null {
    const open = this.all.filter(({ protocol, hostname }) => protocol !== 'https:' && !isLoopbackHost(hostname));
    if (open.length === 0) return null;
    return (
      `warning: ${open.map(typed).join(' and ')} ${open.length > 1 ? 'are' : 'is'} not encrypted: ` +
      'everybody on the way can read and change what this runner sends and receives, including its token; put a TLS ' +
      'proxy in front of the server and use https (docs/security.md)'
    );
  }

  /** All of them, for messages. */
  toString(): string {
    return this.all.map(typed).join(', ');
  }
}

/** A server's address as people type it: without /graphql, and without a slash at the end. */
export function typed(address: URL): string {
  return new URL('.', address).href.replace(/\/$/, '');
}

const isBeside = (address: URL, url: URL): boolean => url.href.startsWith(new URL('.', address).href);
