import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Bait, endless, fieldLies, type Lie, wholeLies } from './lies.js';
import { attemptId, RUN_ID, RUNNER_ID } from './scripted-server.js';

/** What it does with a new WebSocket; `upgrade` answers the HTTP request instead. */
export interface SocketLie {
  about: string;
  tell?(socket: WebSocket): void;
  upgrade?(socket: Duplex): void;
}

/** The checkpoint of the runs about which it lies, so that a run whose claim is acceptable after all does not fail. */
const EXAMPLE_CHECKPOINT = Buffer.from('a checkpoint that is long enough');
const EXAMPLE_SHA256 = createHash('sha256').update(EXAMPLE_CHECKPOINT).digest('hex');

interface Request {
  query: string;
  variables: { attempts?: { attemptId: string }[]; report?: { sequence: number } };
}

/**
 * A server that is not one: to every second request of a kind it answers with the next lie, and to the others with the
 * truth, so that a runner gets to the next one. When it has told all lies, it is an honest server.
 */
export class FalseServer {
  /** The lies that are left, by the name of the operation; `blob` are those about the bytes of a checkpoint. */
  readonly lies = new Map<string, Lie[]>();
  readonly socketLies: SocketLie[] = [];
  /** Configurations to hand out, in order. */
  readonly queue: object[] = [];
  readonly finished: { outcome: string; message: string | null }[] = [];
  readonly blobs = new Map([[EXAMPLE_SHA256, EXAMPLE_CHECKPOINT]]);
  /** How many requests of each kind it has answered. */
  readonly answered = new Map<string, number>();
  resumeFrom: { step: number; sha256: string; bytes: number } | null = null;
  directive = 'CONTINUE';
  sockets = 0;
  private fence = 0;
  private port = 0;
  private server: Server | null = null;
  private readonly webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'graphql-transport-ws' });

  constructor(private readonly bait: Bait) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server!.close(resolve));
    for (const socket of this.webSockets.clients) socket.terminate();
    this.server!.closeAllConnections();
    await closed;
  }

  /** Adds every lie about an operation: each field with each bad value, and the answers that are wrong as a whole. */
  lieAbout(operation: string): Lie[] {
    const lies = [...fieldLies(this.example(operation), this.bait), ...wholeLies(this.bait)];
    this.lies.set(operation, lies);
    return lies;
  }

  /** Whether it has told all lies of these kinds. */
  hasToldAll(...kinds: string[]): boolean {
    return kinds.every((kind) => (this.lies.get(kind) ?? []).length === 0);
  }

  /** An honest answer to an operation, with every field that it may have. */
  example(operation: string): unknown {
    const attempts = [{ attemptId: attemptId(1) }];
    const resumeFrom = { step: 1, sha256: EXAMPLE_SHA256, bytes: EXAMPLE_CHECKPOINT.length, url: this.bait.url };
    const claimRun = { ...this.claim({ dataset: 'shapes' }), resumeFrom };
    return operation === 'ClaimRun'
      ? { claimRun }
      : this.truth(operation, { query: '', variables: { attempts, report: { sequence: 1 } } });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The runner was stopped while it was sending.
      return;
    }
    const body = Buffer.concat(chunks);
    const name = request.url!.split('/').at(-1)!;
    if (request.method === 'PUT') {
      this.blobs.set(name, body);
      response.writeHead(201).end();
    } else if (request.method === 'GET') this.sendBlob(name, response);
    else this.execute(JSON.parse(body.toString()), response);
  }

  private sendBlob(name: string, response: ServerResponse): void {
    const lie = this.lies.get('blob')?.shift();
    this.count('blob');
    if (lie) lie.tell(response, {});
    else response.end(this.blobs.get(name));
  }

  private execute(request: Request, response: ServerResponse): void {
    const operation = /\w+\s+(\w+)/.exec(request.query)![1]!;
    const honest = this.truth(operation, request);
    const lie = this.count(operation) % 2 === 1 ? this.lies.get(operation)?.shift() : undefined;
    if (lie) lie.tell(response, operation === 'ClaimRun' ? (this.example('ClaimRun') as typeof honest) : honest);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: honest }));
  }

  private count(kind: string): number {
    const count = (this.answered.get(kind) ?? 0) + 1;
    this.answered.set(kind, count);
    return count;
  }

  private truth(operation: string, { variables }: Request): Record<string, unknown> {
    const runner = { id: RUNNER_ID, name: 'r', state: 'ONLINE' };
    const { directive } = this;
    switch (operation) {
      case 'RegisterRunner':
        return { registerRunner: { token: 'secret', runner: { id: RUNNER_ID, name: 'r' } } };
      case 'StartRunner':
        return { startRunner: { heartbeatSeconds: 0.05, leaseSeconds: 60, pollSeconds: 0.05, runner } };
      case 'ClaimRun':
        return { claimRun: this.next() };
      case 'Heartbeat':
        return { heartbeat: variables.attempts!.map((attempt) => ({ attemptId: attempt.attemptId, directive })) };
      case 'ReportAttempt':
        return { reportAttempt: { acknowledged: variables.report!.sequence, directive } };
      case 'FinishAttempt':
        this.finished.push(variables as (typeof this.finished)[number]);
        return { finishAttempt: { id: RUN_ID, state: 'COMPLETED' } };
      case 'RunnerStatus': {
        const at = '2026-01-01T00:00:00.000Z';
        const run = { number: 1, name: 'test', step: 0, iterations: 10 };
        const about = { engine: 'wasm', device: 'cpu', lastSeenAt: at };
        const activeAttempts = [{ attempt: { fence: 1, startedAt: at }, run }];
        return { server: { version: '0.1.0' }, runner: { ...runner, ...about, activeAttempts } };
      }
      default:
        throw new Error(`the false server does not know the operation ${operation}`);
    }
  }

  /** The next run of the queue; null while there are lies about claims, which are told first. */
  private next(): object | null {
    if (!this.hasToldAll('ClaimRun')) return null;
    const config = this.queue.shift();
    return config
      ? { ...this.claim(config), resumeFrom: this.resumeFrom && { ...this.resumeFrom, url: this.bait.url } }
      : null;
  }

  private claim(config: object) {
    const run = { id: RUN_ID, number: 1, name: 'test', config: { dataset: 'shapes', ...config }, iterations: 10 };
    const fence = ++this.fence;
    return { attemptId: attemptId(fence), fence, leaseSeconds: 60, heartbeatSeconds: 0.05, run };
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets += 1;
    socket.on('error', () => {});
    const lie = this.socketLies.shift();
    if (lie?.upgrade) {
      lie.upgrade(socket);
      return;
    }
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => {});
      if (lie) lie.tell!(webSocket);
      else webSocket.on('message', (data) => acknowledge(webSocket, String(data)));
    });
  }
}

function acknowledge(socket: WebSocket, message: string): void {
  if (message.includes('connection_init')) socket.send('{"type":"connection_ack"}');
}

/** The id under which a client has subscribed. */
const idOf = (message: string): string => (JSON.parse(message) as { id: string }).id;

/** Everything that a WebSocket can do wrong. */
export function socketLies({ url }: Bait): SocketLie[] {
  const afterInit = (about: string, tell: (socket: WebSocket) => void): SocketLie => ({
    about,
    tell: (socket) => socket.on('message', () => tell(socket)),
  });
  const subscribed = (about: string, tell: (socket: WebSocket, id: string) => void): SocketLie => ({
    about,
    tell: (socket) =>
      socket.on('message', (data) => {
        const message = String(data);
        if (message.includes('connection_init')) acknowledge(socket, message);
        else if (message.includes('"subscribe"')) tell(socket, idOf(message));
      }),
  });
  const next = (id: string, payload: unknown) => JSON.stringify({ id, type: 'next', payload });
  return [
    { about: 'a redirect', upgrade: (socket) => socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\n\r\n`) },
    { about: 'not HTTP', upgrade: (socket) => socket.end('220 smtp ready\r\n') },
    { about: 'a refused upgrade', upgrade: (socket) => socket.end('HTTP/1.1 500 No\r\n\r\n') },
    { about: 'silence', tell: (socket) => setTimeout(() => socket.terminate(), 200) },
    afterInit('a message that is not JSON', (socket) => socket.send('{')),
    afterInit('null', (socket) => socket.send('null')),
    afterInit('binary', (socket) => socket.send(Buffer.alloc(100))),
    afterInit('a message of 20 MB', (socket) => socket.send(Buffer.alloc(20_000_000, 'x'))),
    afterInit('an unknown type', (socket) => socket.send('{"type":"__proto__"}')),
    afterInit('a break', (socket) => socket.terminate()),
    ...[1000, 1008, 1011, 4400, 4401, 4403, 4409, 4429, 4500, 4999].map((code) =>
      afterInit(`a close with ${code}`, (socket) => socket.close(code, 'x'.repeat(100))),
    ),
    subscribed('an answer with another id', (socket) => socket.send(next('__proto__', { data: {} }))),
    subscribed('an answer of another form', (socket, id) => socket.send(next(id, []))),
    subscribed('an error of another form', (socket, id) =>
      socket.send(JSON.stringify({ id, type: 'error', payload: 5 })),
    ),
    subscribed('the end', (socket, id) => socket.send(JSON.stringify({ id, type: 'complete' }))),
    subscribed('a thousand wake-ups', (socket, id) => {
      for (let i = 0; i < 1000; i++) socket.send(next(id, { data: { runQueued: '__proto__' } }));
      socket.close();
    }),
  ];
}

/** Everything that can be wrong with the bytes of a checkpoint, whose truth is `bytes`. */
export function blobLies({ url }: Bait, bytes: Buffer): Lie[] {
  const wrong = createHash('sha512').update(bytes).digest().subarray(0, bytes.length);
  const send = (about: string, body: Buffer): Lie => ({ about, tell: (response) => void response.end(body) });
  return [
    { about: 'a redirect', tell: (response) => void response.writeHead(302, { location: url }).end() },
    { about: 'a break', tell: (response) => void response.destroy() },
    { about: 'status 503', tell: (response) => void response.writeHead(503).end() },
    send('too long', Buffer.concat([bytes, bytes])),
    { about: 'endless', tell: (response) => endless(response) },
    send('other bytes', wrong),
    send('too short', bytes.subarray(1)),
    send('empty', Buffer.alloc(0)),
    { about: 'status 404', tell: (response) => void response.writeHead(404).end('<html>') },
  ];
}
