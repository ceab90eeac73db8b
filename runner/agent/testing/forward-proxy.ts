import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A name that only the proxy knows, so that whoever reaches it went through the proxy. */
export const BEHIND_PROXY = 'crosscheck.test';

/** An HTTP proxy on this machine: it forwards plain requests, and opens tunnels for CONNECT. */
export class ForwardProxy {
  /** What it was asked for: `GET http://…` or `CONNECT host:port`. */
  readonly asked: string[] = [];
  /** `user:password`, if it asks for them. */
  credentials: string | null = null;
  /** Answers every CONNECT with this status instead of a tunnel. */
  refusal: number | null = null;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  constructor() {
    this.server = createServer((incoming, response) => {
      this.asked.push(`${incoming.method} ${incoming.url}`);
      if (!this.admits(incoming)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      const url = new URL(incoming.url!);
      const { method, headers } = incoming;
      const onward = request({ host: '127.0.0.1', port: url.port, path: url.pathname, method, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    });
    this.server.on('connect', (incoming: IncomingMessage, near: Duplex) => this.tunnel(incoming, near));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
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

  private tunnel(incoming: IncomingMessage, near: Duplex): void {
    this.keep(near);
    this.asked.push(`CONNECT ${incoming.url}`);
    const status = this.admits(incoming) ? this.refusal : 407;
    if (status !== null) return void near.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const far = connect(Number(incoming.url!.split(':')[1]), '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(near).pipe(far);
    });
    this.keep(far);
  }

  private admits({ headers }: IncomingMessage): boolean {
    if (this.credentials === null) return true;
    return headers['proxy-authorization'] === `Basic ${Buffer.from(this.credentials).toString('base64')}`;
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}
