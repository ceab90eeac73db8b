import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { RunQueuedDocument } from '../../schema/generated/runner/graphql.js';
import { backoffMs } from './retry.js';
import type { ServerClient } from './server-client.js';

/**
 * Tells when it is worth asking for work: at once by subscription, and every `pollSeconds` (give or take a quarter) in
 * case a proxy lets no WebSocket through or a message was missed.
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
      // What was queued while the line was down.
      on: { connected: () => this.ring() },
      // Polling goes on whatever happens here.
      onNonLazyError: () => {},
    });
    socket.subscribe(
      { query: RunQueuedDocument.toString() },
      { next: () => this.ring(), error: () => {}, complete() {} },
    );
    // Closing waits for a connection that is being made; when that fails there is nothing left to close.
    this.close = () => void Promise.resolve(socket.dispose()).catch(() => {});
  }

  /** Ends the present wait, or the next one if nobody waits. */
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
