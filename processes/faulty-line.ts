import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LineOptions {
  /** The ports on 127.0.0.1 that it leads to. Each new connection goes to the next one. */
  ports: readonly number[];
  /** How many bytes per second pass in each direction, over all connections. By default, as many as come. */
  bytesPerSecond?: number;
  /** How long each byte is on its way. */
  delayMs?: number;
  /** Called with the number of bytes that have passed from clients to servers so far. */
  onSent?: (bytes: number) => void;
}

/** How much passes at a time: a small part of a second on any line that is worth limiting. */
const PACKET_BYTES = 16 * 1024;

/** A TCP proxy that is as slow as it is told to be, and that breaks on command. */
export class FaultyLine {
  sentBytes = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly up: Pace;
  private readonly down: Pace;
  private connections = 0;
  private isDown = false;

  private constructor(private readonly options: LineOptions) {
    this.up = new Pace(options.bytesPerSecond);
    this.down = new Pace(options.bytesPerSecond);
    this.server = createServer((client) => this.lead(client));
  }

  static async open(options: LineOptions): Promise<FaultyLine> {
    const line = new FaultyLine(options);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection. What is on its way is lost. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks every connection, and all new ones until `repair`. */
  break(): void {
    this.isDown = true;
    this.cut();
  }

  repair(): void {
    this.isDown = false;
  }

  async close(): Promise<void> {
    this.break();
    this.server.close();
    await once(this.server, 'close');
  }

  private lead(client: Socket): void {
    if (this.isDown) {
      client.destroy();
      return;
    }
    const { ports, onSent } = this.options;
    const server = connect(ports[this.connections++ % ports.length]!, '127.0.0.1');
    const ends = [client, server];
    for (const socket of ends) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => {
        this.sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    const count = (bytes: number): void => {
      this.sentBytes += bytes;
      onSent?.(this.sentBytes);
    };
    // Both sockets are destroyed if either breaks, and nobody has to be told.
    void pipeline(client, this.slow(this.up, count), server).catch(() => {});
    void pipeline(
      server,
      this.slow(this.down, () => {}),
      client,
    ).catch(() => {});
  }

  private slow(pace: Pace, onPassed: (bytes: number) => void): Transform {
    const { delayMs = 0 } = this.options;
    return new Transform({
      highWaterMark: PACKET_BYTES,
      async transform(chunk: Buffer, _encoding, done) {
        for (let at = 0; at < chunk.length && !this.destroyed; at += PACKET_BYTES) {
          const packet = chunk.subarray(at, at + PACKET_BYTES);
          await pace.pass(packet.length);
          if (this.destroyed) break;
          onPassed(packet.length);
          if (delayMs === 0) this.push(packet);
          else setTimeout(() => this.destroyed || this.push(packet), delayMs);
        }
        done();
      },
      flush(done) {
        setTimeout(done, delayMs);
      },
    });
  }
}

/** Lets bytes pass at a rate. */
class Pace {
  private freeAtMs = 0;

  constructor(private readonly bytesPerSecond = Number.POSITIVE_INFINITY) {}

  /** Resolves when that many more bytes may pass. */
  async pass(bytes: number): Promise<void> {
    const now = performance.now();
    this.freeAtMs = Math.max(now, this.freeAtMs) + (bytes / this.bytesPerSecond) * 1000;
    // Timers are not exact, so short waits are added up.
    if (this.freeAtMs - now > 5) await sleep(this.freeAtMs - now);
  }
}
