import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Speed {
  /** Of each connection, in each direction. */
  bytesPerSecond: number;
  /** Before each piece. */
  delayMs: number;
}

const PIECE_BYTES = 16 * 1024;

/** A network link from an agent to the servers: a TCP proxy on 127.0.0.1, whose connections go to the servers in turn. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private connections = 0;
  private isCut = false;
  private speed: Speed | null = null;
  /** Resolves when bytes may pass. */
  private passable: Promise<void> = Promise.resolve();
  private resume = (): void => {};

  private constructor(
    private readonly server: Server,
    private readonly ports: readonly number[],
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  /** @param ports of the servers */
  static async open(ports: readonly number[]): Promise<Link> {
    // A half that is closed does not close the other half, as in a network.
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server, ports);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resets every connection, and every new one, until `restore`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** No more bytes pass, and neither side hears why, until `restore`. */
  stall(): void {
    this.passable = new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  slowDown(speed: Speed): void {
    this.speed = speed;
  }

  restore(): void {
    this.isCut = false;
    this.speed = null;
    this.resume();
  }

  async close(): Promise<void> {
    const closed = once(this.server.close(), 'close');
    this.cut();
    this.resume();
    await closed;
  }

  private join(client: Socket): void {
    if (this.isCut) return void client.resetAndDestroy();
    const port = this.ports[this.connections++ % this.ports.length]!;
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => other.resetAndDestroy());
      // After a normal close, the other side still gets what is on its way.
      socket.on('close', () => this.sockets.delete(socket));
      socket.pipe(this.passage()).pipe(other);
    }
  }

  /** One direction of a connection. */
  private passage(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => void this.pass(chunk).then(() => done(null, chunk), done),
    });
  }

  private async pass({ length }: Buffer): Promise<void> {
    await this.passable;
    if (!this.speed) return;
    const { bytesPerSecond, delayMs } = this.speed;
    for (let sent = 0; sent < length && this.speed; sent += PIECE_BYTES) {
      await sleep(delayMs + (1000 * Math.min(PIECE_BYTES, length - sent)) / bytesPerSecond);
    }
  }
}
