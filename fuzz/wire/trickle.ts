import { connect, type Socket } from 'node:net';
import { addressOf } from '../world/callers.js';

/** A request that never ends: its bytes arrive one per second. */
const STARTS: Record<string, string> = {
  'a header that trickles': 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nX: ',
  'a body that trickles':
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
  'an upload that trickles': `PUT /blobs/${'0'.repeat(64)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\nx`,
  'a connection that says nothing': '',
};
const EACH = 5;
const PERIOD_MS = 1000;

/** Its own, so that limits per address do not keep out the other callers. */
const ADDRESS = addressOf(100);

/** How long the server may keep such a connection open. */
export const TRICKLE_LIMIT_MS = 90_000;

interface Connection {
  name: string;
  socket: Socket;
  openedAt: number;
}

/** Connections that trickle beside the other calls, until the server closes them. */
export class Trickle {
  private readonly open = new Set<Connection>();
  private readonly timer: NodeJS.Timeout;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    for (const [name, start] of Object.entries(STARTS)) {
      for (let i = 0; i < EACH; i++) {
        const socket = connect({ host: hostname, port: Number(port), localAddress: ADDRESS });
        const connection = { name, socket, openedAt: performance.now() };
        this.open.add(connection);
        socket.on('error', () => {}).on('close', () => this.open.delete(connection));
        // Reads what the server says; otherwise the end of the connection would never arrive.
        socket.resume();
        if (start) socket.write(start);
      }
    }
    this.timer = setInterval(() => {
      for (const { name, socket } of this.open) if (STARTS[name]) socket.write('x');
    }, PERIOD_MS);
  }

  /** What the server has kept open for longer than the limit. */
  get overdue(): string[] {
    return [...this.open]
      .filter(({ openedAt }) => performance.now() - openedAt > TRICKLE_LIMIT_MS)
      .map(({ name }) => name);
  }

  close(): void {
    clearInterval(this.timer);
    for (const { socket } of this.open) socket.destroy();
  }
}
