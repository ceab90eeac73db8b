import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { RunQueuedDocument } from '../../schema/generated/runner/graphql.js';
import { backoffMs } from './retry.js';
import type { ServerClient } from './server-client.js';

/**
 * Decides when to ask for work: immediately when a subscription says that a run was queued, and every `pollSeconds`
 * (plus or minus a quarter) in case a proxy blocks WebSockets or a message is missed.
 */
export class WakeUp {
  private rung = false;
  private wake: () => void = () => {};
  private readonly close: () => void;

  constructor(
    client: ServerClient,
    private readonly pollSeconds: number,
  ) {
    const address = new URL(client.address);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = createClient({
      url: address.href,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${client.token}` },
      shouldRetry: () => true,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backoffMs(retries + 1))),
      // Runs may have been queued while the connection was down.
      on: { connected: () => this.ring() },
      // Polling continues without the subscription.
      onNonLazyError: () => {},
    });
    socket.subscribe(
      { query: RunQueuedDocument.toString() },
      { next: () => this.ring(), error: () => {}, complete() {} },
    );
    // Closing waits for a pending connection. If that connection fails, there is nothing left to close.
    this.close = () => void Promise.resolve(socket.dispose()).catch(() => {});
  }

  /** Ends the current wait, or the next one if nobody is waiting. */
  ring(): void {
    this.rung = true;
    this.wake();
  }

  async wait(): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pollSeconds * 1000 * (0.75 + Math.random() / 2));
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
  }

  stop(): void {
    this.close();
    this.ring();
  }
}
