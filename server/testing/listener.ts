import { expect, vi } from 'vitest';
import { Events } from '../events/events.js';
import type { GraphQLAnswer, TestServer } from './test-server.js';

/** How long a test waits for something that takes milliseconds on an idle machine. */
const LIMIT_MS = 20_000;

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
 * the server, which runs in this process, listens for its events.
 */
export async function listen(
  server: TestServer,
  query: string,
  variables: Record<string, unknown> = {},
  token?: string,
): Promise<Listener> {
  const received: GraphQLAnswer['data'][] = [];
  const listening = vi.spyOn(Events.prototype, 'subscribe');
  const iterator = server.subscribe(query, variables, token);
  const ended = (async () => {
    for await (const { data, errors } of iterator) {
      if (errors) throw new Error(errors[0]!.message);
      received.push(data);
    }
  })();
  await vi.waitFor(() => expect(listening).toHaveBeenCalled(), { timeout: LIMIT_MS, interval: 5 });
  listening.mockRestore();
  const until = (holds: () => boolean) =>
    vi.waitFor(() => expect(holds(), JSON.stringify(received)).toBe(true), { timeout: LIMIT_MS, interval: 5 });
  return { received, until, ended, stop: () => iterator.return!() };
}
