import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LineSpeed {
  /** In each direction, over all connections. */
  bytesPerSecond: number;
  /** How long each connection waits before each piece of at most 16 KiB; by default, not at all. */
  delayMs?: number;
}

export interface LineOptions {
  /** The ports on 127.0.0.1 that it leads to. Each new connection goes to the next one. */
  ports: readonly number[];
  /** By default, bytes pass as fast as they come. */
  speed?: LineSpeed;
  /** Called with the number of bytes that have passed from clients to servers so far. */
  onSent?: (bytes: number) => void;
}

const PIECE_BYTES = 16 * 1024;

/**
 * A network line from a client to servers: a TCP proxy on 127.0.0.1 that is as slow as it is told to be, and that breaks
 * or stalls on command.
 */
export class FaultyLine {
  sentBytes = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly up = new Pace();
  private readonly down = new Pace();
  private connections = 0;
  private isBroken = false;
  /** Resolves when bytes may pass. */
  private passable: Promise<void> = Promise.resolve();
  private resume = (): void => {};

  private constructor(private readonly options: LineOptions) {
    // A half that is closed does not close the other half, as in a network.
    this.server = createServer({ allowHalfOpen: true }, (client) => this.join(client));
    this.setSpeed(options.speed);
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

  /** Resets every connection. What is on its way is lost. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Resets every connection, and every new one, until `restore`. */
  break(): void {
    this.isBroken = true;
    this.cut();
  }

  /** No more bytes pass, and neither side hears why, until `restore`. */
  stall(): void {
    this.resume();
    this.passable = new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  /** Has this speed until `restore`. */
  slowDown(speed: LineSpeed): void {
    this.setSpeed(speed);
  }

  /** Is again as it was when it was opened. */
  restore(): void {
    this.isBroken = false;
    this.setSpeed(this.options.speed);
    this.resume();
  }

  async close(): Promise<void> {
    const closed = once(this.server.close(), 'close');
    this.break();
    this.resume();
    await closed;
  }

  private setSpeed(speed?: LineSpeed): void {
    for (const pace of [this.up, this.down]) pace.setSpeed(speed);
  }

  private join(client: Socket): void {
    if (this.isBroken) return void client.resetAndDestroy();
    const { ports, onSent } = this.options;
    const port = ports[this.connections++ % ports.length]!;
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.lead(client, server, this.up, (bytes) => {
      this.sentBytes += bytes;
      onSent?.(this.sentBytes);
    });
    this.lead(server, client, this.down, () => {});
  }

  /** One direction of a connection. */
  private lead(from: Socket, to: Socket, pace: Pace, onPassed: (bytes: number) => void): void {
    this.sockets.add(from);
    from.setNoDelay();
    from.on('error', () => to.resetAndDestroy());
    // After a normal close, the other side still gets what is on its way.
    from.on('close', () => this.sockets.delete(from));
    const passage = this.passage(pace, onPassed);
    to.on('close', () => passage.destroy());
    from.pipe(passage).pipe(to);
  }

  private passage(pace: Pace, onPassed: (bytes: number) => void): Transform {
    const isPassable = (): Promise<void> => this.passable;
    return new Transform({
      highWaterMark: PIECE_BYTES,
      async transform(chunk: Buffer, _encoding, done) {
        for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
          const piece = chunk.subarray(at, at + PIECE_BYTES);
          await pace.pass(piece.length);
          await isPassable();
          if (this.destroyed) break;
          onPassed(piece.length);
          this.push(piece);
        }
        done();
      },
    });
  }
}

/** Lets bytes pass at a speed. */
class Pace {
  private speed: LineSpeed | undefined;
  private freeAtMs = 0;

  /** @param speed by default, as fast as they come */
  setSpeed(speed?: LineSpeed): void {
    this.speed = speed;
    this.freeAtMs = 0;
  }

  /** Resolves when that many more bytes may pass. */
  async pass(bytes: number): Promise<void> {
    if (!this.speed) return;
    const { bytesPerSecond, delayMs = 0 } = this.speed;
    const now = performance.now();
    this.freeAtMs = Math.max(now, this.freeAtMs) + (bytes / bytesPerSecond) * 1000;
    const waitMs = this.freeAtMs - now + delayMs;
    // Timers are not exact, so short waits are added up.
    if (waitMs > 5) await sleep(waitMs);
  }
}
