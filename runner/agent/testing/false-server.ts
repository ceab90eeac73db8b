import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { PROTOCOL_VERSION } from '../../../schema/protocol-version.js';
import { acceptPiece, acceptUpload } from './blob-lies.js';
import { type Bait, fieldLies, type Lie, wholeLies } from './lies.js';
import { attemptId, RUN_ID, RUNNER_ID } from './scripted-server.js';
import { acknowledge, type SocketLie } from './socket-lies.js';

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
  /** The lies that are left, by the name of the operation; those about the transfer of blobs have a BlobRequest's. */
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
  heartbeatSeconds = 0.05;
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
    if (request.method === 'GET') this.answerBlob('blob', response, () => response.end(this.blobs.get(name)));
    else if (request.method === 'PATCH') this.answerBlob('piece', response, () => acceptPiece(request, body, response));
    else if (name === 'uploads') this.answerBlob('upload', response, () => acceptUpload(response));
    else this.execute(JSON.parse(body.toString()), response);
  }

  /** Tells every lie about blobs in turn: a download is not repeated if it was damaged. */
  private answerBlob(kind: BlobRequest, response: ServerResponse, honestly: () => void): void {
    const lie = this.lies.get(kind)?.shift();
    this.count(kind);
    if (lie) lie.tell(response, {});
    else honestly();
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
        return { registerRunner: { token: 'secret', runner: { id: RUNNER_ID, name: 'r', versionWarning: null } } };
      case 'StartRunner':
        return {
          startRunner: {
            heartbeatSeconds: this.heartbeatSeconds,
            leaseSeconds: 60,
            pollSeconds: 0.01,
            protocolVersion: PROTOCOL_VERSION,
            runner: { ...runner, slotLimit: 8, versionWarning: null },
          },
        };
      case 'ReleaseRunner':
        return { releaseRunner: true };
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
        const about = { engine: 'wasm', device: 'cpu', problem: null, lastSeenAt: at, versionWarning: null };
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

/** A request about a blob: the download of a checkpoint, the announcement of an upload, and its bytes. */
type BlobRequest = 'blob' | 'upload' | 'piece';
