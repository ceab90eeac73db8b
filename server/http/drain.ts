import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the other side of a WebSocket may take to confirm that it closes. */
const FAREWELL_MS = 1_000;

interface Connection {
  /** The requests that it waits for. One whose headers have not arrived yet does not count. */
  requests: number;
  /** Whether it is a WebSocket. */
  upgraded: boolean;
}

/** Knows the connections of a server, so that the server can stop in time, whatever its clients do. */
export class Drain {
  private readonly connections = new Map<Socket, Connection>();
  private draining = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections.set(socket, { requests: 0, upgraded: false });
      socket.once('close', () => this.connections.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.count(request.socket, response));
    server.on('upgrade', ({ socket }: IncomingMessage) => {
      const connection = this.connections.get(socket);
      if (connection) connection.upgraded = true;
    });
  }

  /**
   * Stops listening, closes idle connections and WebSockets at once, and waits for the requests in progress. After the
   * grace period, their connections are cut.
   * @param closeWebSockets tells each WebSocket that the server is going away
   */
  async close(graceSeconds: number, closeWebSockets: () => Promise<unknown>): Promise<void> {
    this.draining = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const farewell = closeWebSockets();
    this.destroy(({ requests, upgraded }) => requests === 0 && !upgraded);
    const over = new AbortController();
    const cut = (ms: number, which: (connection: Connection) => boolean) =>
      sleep(ms, undefined, { signal: over.signal }).then(
        () => this.destroy(which),
        // All connections were closed before.
        () => {},
      );
    const cuts = [cut(FAREWELL_MS, ({ upgraded }) => upgraded), cut(graceSeconds * 1000, () => true)];
    await Promise.all([closed, farewell]);
    over.abort();
    await Promise.all(cuts);
  }

  private count(socket: Socket, response: ServerResponse): void {
    const connection = this.connections.get(socket);
    if (!connection) return;
    connection.requests++;
    response.once('close', () => {
      connection.requests--;
      if (this.draining && connection.requests === 0) socket.destroySoon();
    });
  }

  private destroy(which: (connection: Connection) => boolean): void {
    for (const [socket, connection] of this.connections) if (which(connection)) socket.destroy();
  }
}
