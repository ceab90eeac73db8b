import { expect, vi } from 'vitest';
import { joined, LIMIT_MS } from './joined.js';
import type { GraphQLAnswer, TestServer } from './test-server.js';

export interface Listener {
  /** What has arrived so far. */
  readonly received: GraphQLAnswer['data'][];
  /** Waits until `holds` returns true. */
  until(holds: () => boolean): Promise<void>;
  /** Resolves when the server has ended the subscription, rejects when it sends an error. */
  readonly ended: Promise<void>;
  stop(): Promise<unknown>;
}

/**
 * Collects what a subscription sends. The protocol does not report when a subscription has begun, so this waits until
 * the server, which runs in this process, follows what is subscribed to.
 */
export async function listen(
  server: TestServer,
  query: string,
  variables: Record<string, unknown> = {},
  token?: string,
): Promise<Listener> {
  const received: GraphQLAnswer['data'][] = [];
  const { iterator, ended } = await joined(() => {
    const results = server.subscribe(query, variables, token);
    const reading = async () => {
      for await (const { data, errors } of results) {
        if (errors) throw new Error(errors[0]!.message);
        received.push(data);
      }
    };
    return { iterator: results, ended: reading() };
  });
  const until = async (holds: () => boolean) => {
    const wait = vi.waitFor(() => expect(holds()).toBe(true), { timeout: LIMIT_MS, interval: 5 });
    // As text only at the end: megabytes of it at each look would keep the server in this process from sending.
    await wait.catch(() => expect.fail(`received until then: ${JSON.stringify(received)}`));
  };
  return { received, until, ended, stop: () => iterator.return!() };
}
