import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What the proxy sends on: the path without the prefix, and who asked. */
const forwarded = ({ method, url, headers, socket }: IncomingMessage, prefix: string) => ({
  method,
  path: url!.slice(prefix.length),
  headers: { ...headers, 'x-forwarded-for': socket.remoteAddress, 'x-forwarded-proto': 'http' },
});

/** A reverse proxy on this machine that serves another server below a path prefix, over HTTP and WebSocket, and nothing else. */
export class PrefixProxy {
  /** The paths of the requests outside the prefix. */
  readonly strayed: string[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  /** @param prefix such as `/crosscheck` */
  constructor(
    private readonly prefix: string,
    private readonly target: () => string,
  ) {
    this.server = createServer((incoming, response) => {
      if (!this.isInside(incoming)) return void response.writeHead(404).end('no such page on this host');
      const onward = request(this.target(), forwarded(incoming, prefix), (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.headersSent || response.writeHead(502).end());
      incoming.pipe(onward);
    });
    this.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => this.upgrade(incoming, socket));
  }

  /** The server's address, as the other side of the proxy sees it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.prefix}`;
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private isInside({ url }: IncomingMessage): boolean {
    const inside = url!.startsWith(`${this.prefix}/`);
    if (!inside) this.strayed.push(url!);
    return inside;
  }

  private upgrade(incoming: IncomingMessage, socket: Duplex): void {
    this.keep(socket);
    if (!this.isInside(incoming)) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    const onward = request(this.target(), forwarded(incoming, this.prefix));
    onward.on('upgrade', (answer, other) => {
      this.keep(other);
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('')}\r\n`);
      other.pipe(socket).pipe(other);
    });
    onward.on('response', (answer) => socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`));
    onward.on('error', () => socket.destroy());
    onward.end();
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}
