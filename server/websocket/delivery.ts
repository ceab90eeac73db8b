import { MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { databaseFault } from '../graphql/masking.js';
import { WentBack } from '../live/sharing/source.js';

/** "Try again later" in the WebSocket protocol. After an internal error (4500), clients do not reconnect. */
export const TRY_AGAIN_LATER = 1013;

/**
 * Sends results that are already JSON, each once the one before has left this process: a slow client holds up only itself, and one
 * message waits for it. graphql-ws iterates over what it should send, and would serialise it for every subscriber; this yields nothing.
 */
export class Delivery implements AsyncIterableIterator<never> {
  constructor(
    private readonly results: AsyncIterableIterator<string>,
    private readonly socket: WebSocket,
    private readonly id: string,
  ) {}

  /** Resolves when there is nothing more to send. */
  async next(): Promise<IteratorResult<never>> {
    const head = `{"id":${JSON.stringify(this.id)},"type":"${MessageType.Next}","payload":`;
    for (;;) {
      const result = await this.results.next().catch((error: unknown) => this.tryAgain(error));
      if (result.done) return { done: true, value: undefined };
      await this.send(`${head}${result.value}}`);
    }
  }

  async return(): Promise<IteratorResult<never>> {
    await this.results.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** After an error message, a client would wait forever. When its socket is closed, it connects again and continues. */
  private tryAgain(error: unknown): IteratorResult<string> {
    if (error instanceof WentBack) this.socket.close(TRY_AGAIN_LATER, 'the database was restored: subscribe again');
    else if (databaseFault(error) !== null) this.socket.close(TRY_AGAIN_LATER, 'try again later');
    else throw error;
    return { done: true, value: undefined };
  }

  private send(message: string): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    // A failed write closes the socket, which ends the subscription.
    return new Promise((resolve) => socket.send(message, () => resolve()));
  }
}
