import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { RunQueuedDocument } from '../../schema/generated/runner/graphql.js';
import { backoffMs } from './retry.js';
import type { ServerClient } from './server-client.js';

/** How long to wait before the next subscription when the server has ended one. */
const AGAIN_MS = 60_000;
/** A message of the server has less than a hundred bytes. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const HANDSHAKE_MS = 20_000;

/** WebSockets that refuse large messages, that no answer can send elsewhere, and that take the client's route. */
function smallMessages(client: ServerClient): new (address: string, protocols?: string | string[]) => WebSocket {
  return class extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      const limits = { maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: HANDSHAKE_MS };
      super(address, protocols, {
        ...limits,
        agent: client.route.agent,
        followRedirects: false,
        perMessageDeflate: false,
      });
    }
  };
}

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
    againMs = AGAIN_MS,
  ) {
    const socket = createClient({
      // Each connection goes to the address that requests use at that moment.
      url: () => client.address.href.replace(/^http/, 'ws'),
      webSocketImpl: smallMessages(client),
      connectionParams: { authorization: `Bearer ${client.token}` },
      shouldRetry: () => true,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backoffMs(retries + 1))),
      // Runs may have been queued while the connection was down.
      on: { connected: () => this.ring() },
      // Polling continues without the subscription.
      onNonLazyError: () => {},
    });
    let stopped = false;
    let again: NodeJS.Timeout | undefined;
    // After some errors, such as a message that is not valid, the client does not retry by itself.
    const subscribeLater = (): void => {
      if (!stopped) again = setTimeout(subscribe, againMs).unref();
    };
    const subscribe = (): void => {
      socket.subscribe(
        { query: RunQueuedDocument.toString() },
        // What the server sends is not used: it only ends the wait.
        { next: () => this.ring(), error: subscribeLater, complete: subscribeLater },
      );
    };
    subscribe();
    this.close = () => {
      stopped = true;
      clearTimeout(again);
      // Closing waits for a pending connection. If that connection fails, there is nothing left to close.
      void Promise.resolve(socket.dispose()).catch(() => {});
    };
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
