import { Feed } from './feed.js';
import type { First, Source } from './source.js';

/**
 * What the resolver of a subscription returns: a source, and where the subscriber begins. The transport lets subscribers share a feed
 * (shared-subscriptions.ts). Iterated by itself, it is a feed of its own.
 */
export class LiveStream<Payload> implements AsyncIterable<Payload> {
  constructor(
    readonly source: Source<Payload>,
    readonly first: First<Payload>,
  ) {}

  [Symbol.asyncIterator](): AsyncIterableIterator<Payload> {
    return new Feed<Payload, Payload>(this.source).follow(this.first, async (payloads) => [...payloads]);
  }
}
