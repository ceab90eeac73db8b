import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildSchema, GraphQLError, graphql } from 'graphql';
import type { AttemptReportInput, Directive, RunnerInfoInput } from '../../../schema/generated/runner/graphql.js';
import { PROTOCOL_VERSION } from '../../../schema/protocol-version.js';
import { unpacked } from './unpacked.js';

/** What goes wrong with the next report. 'lost answer': it is accepted, but the connection breaks before the answer. */
export type Trouble =
  | 'lost answer'
  | 'unavailable'
  | 'database away'
  | 'too many requests'
  | 'internal error'
  | 'refused'
  | 'forbidden'
  | Directive;

/** The ids that a scripted server gives to its runner, its runs and, by their fence, its attempts. */
export const RUNNER_ID = '11111111-1111-4111-8111-111111111111';
export const RUN_ID = '22222222-2222-4222-8222-222222222222';
export const attemptId = (fence: number): string => `33333333-3333-4333-8333-${String(fence).padStart(12, '0')}`;

export const SCHEMA = readFileSync(join(import.meta.dirname, '../../../schema/schema.graphql'), 'utf8');

/**
 * The runner's part of the schema, with scripted failures that the real server does not produce on demand. It has no
 * WebSocket, so agents have to poll. The tests in e2e/ cover a runner with the real server.
 */
export class ScriptedServer {
  readonly reports: AttemptReportInput[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly finished: { outcome: string; message: string | null }[] = [];
  readonly operations: string[] = [];
  /** What the runner says with each heartbeat about why it claims nothing. */
  readonly problems: (string | null)[] = [];
  /** Configurations to hand out, in order. */
  readonly queue: object[] = [];
  /** Whether the runner is draining: it gets no runs. */
  draining = false;
  /** When each of them was handed out, in ms since 1970. */
  readonly claimedMs: number[] = [];
  /** What goes wrong with the next reports, in order. After them, all goes well. */
  readonly troubles: Trouble[] = [];
  /** What goes wrong with the next messages of how an attempt ended, in order. */
  readonly finishTroubles: ('internal error' | 'refused')[] = [];
  heartbeatDirective: Directive = 'CONTINUE';
  /** Whether checkpoints may be read. */
  downloads: 'allowed' | 'forbidden' = 'allowed';
  /** The next heartbeats are refused because of another instance, each with these seconds to wait; null is not refused. */
  readonly refusals: (number | null)[] = [];
  resumeFrom: object | null = null;
  slotLimit = 8;
  protocolVersion = PROTOCOL_VERSION;
  schema = buildSchema(SCHEMA);
  /** What runners have announced when they registered or started. */
  readonly announced: RunnerInfoInput[] = [];
  versionWarning: string | null = null;
  /** 'forbidden': every attempt has ended. */
  uploads: 'open' | 'forbidden' = 'open';
  /** Called before a piece is answered. */
  beforePiece: (sha256: string) => Promise<void> = async () => {};
  /** What it has of each opened upload. */
  readonly opened = new Map<string, { sha256: string; size: number; received: Buffer }>();
  /** By how much its clock differs from this machine's; null if it does not say what time it is. */
  skewMs: number | null = null;
  private port = 0;
  private server: Server | null = null;
  /** The newest report of each attempt. */
  readonly sequences = new Map<string, number>();
  private fence = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops the server and closes every connection. `listen` starts it again on the same port. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server!.close(resolve));
    this.server!.closeAllConnections();
    await closed;
  }

  /** Every step and value that was reported for a series, in order of arrival. */
  points(series: string): [number, unknown][] {
    return this.reports.flatMap(({ points }) =>
      (points ?? [])
        .filter((column) => column.series === series)
        .flatMap(({ steps, values }) =>
          (steps as number[]).map((s, i): [number, unknown] => [s, (values as unknown[])[i]]),
        ),
    );
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.skewMs !== null) response.setHeader('crosscheck-time', new Date(Date.now() + this.skewMs).toISOString());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const name = request.url!.split('/').at(-1)!;
    if (request.method === 'POST' && name === 'uploads') this.openUpload(request, response);
    else if (request.method === 'PATCH') await this.receivePiece(name, request, body, response);
    else if (request.method === 'GET' && this.downloads === 'forbidden')
      response.writeHead(403).end(JSON.stringify({ error: 'the runner does not train the run' }));
    else if (request.method === 'GET') response.end(this.blobs.get(name));
    else await this.execute(JSON.parse(body.toString()), response);
  }

  private async receivePiece(id: string, { headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
    const upload = this.opened.get(id)!;
    await this.beforePiece(upload.sha256);
    if (Number(headers['upload-offset']) !== upload.received.length) {
      response.writeHead(409).end(JSON.stringify({ error: `it continues at ${upload.received.length}` }));
      return;
    }
    upload.received = Buffer.concat([upload.received, body]);
    if (upload.received.length === upload.size) this.blobs.set(upload.sha256, upload.received);
    response.writeHead(204, { 'upload-offset': String(upload.received.length) }).end();
  }

  private openUpload({ headers }: IncomingMessage, response: ServerResponse): void {
    if (this.uploads === 'forbidden') {
      response.writeHead(403).end(JSON.stringify({ error: 'the attempt has ended' }));
      return;
    }
    const entries = String(headers['upload-metadata']).split(',');
    const metadata = entries.map((entry) => entry.split(' ').map((part) => part.trim()) as [string, string]);
    const sha256 = Buffer.from(new Map(metadata).get('sha256')!, 'base64').toString();
    const size = Number(headers['upload-length']);
    const known = [...this.opened].find(([, upload]) => upload.sha256 === sha256);
    const id = known?.[0] ?? randomUUID();
    const upload = known?.[1] ?? { sha256, size, received: Buffer.alloc(0) };
    this.opened.set(id, upload);
    const offset = this.blobs.has(sha256) ? size : upload.received.length;
    response.writeHead(201, { location: `/uploads/${id}`, 'upload-offset': String(offset) }).end();
  }

  private async execute(request: { query: string; variables: object }, response: ServerResponse): Promise<void> {
    this.operations.push(/\w+ (\w+)/.exec(request.query)![1]!);
    const trouble = request.query.includes('reportAttempt') ? (this.troubles.shift() ?? 'CONTINUE') : 'CONTINUE';
    if (trouble === 'unavailable') {
      response.writeHead(503).end('try later');
      return;
    }
    if (trouble === 'database away') {
      const errors = [{ message: 'no database', extensions: { code: 'SERVICE_UNAVAILABLE' } }];
      response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
      return;
    }
    if (trouble === 'too many requests') {
      const errors = [{ message: 'too many', extensions: { code: 'TOO_MANY_REQUESTS' } }];
      response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
      return;
    }
    const rootValue = this.rootValue(trouble);
    const result = await graphql({
      schema: this.schema,
      rootValue,
      source: request.query,
      variableValues: { ...request.variables },
    });
    // Without data, nothing was executed: the variables are not valid.
    const coded = (error: GraphQLError) => ({ ...error.toJSON(), extensions: { code: 'BAD_USER_INPUT' } });
    const answer = 'data' in result ? result : { errors: result.errors!.map(coded) };
    if (trouble === 'lost answer') response.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  private rootValue(trouble: Trouble) {
    const { slotLimit, protocolVersion, versionWarning } = this;
    const runner = { id: RUNNER_ID, name: 'r', state: 'ONLINE', slotLimit, versionWarning };
    return {
      registerRunner: ({ info }: { info: RunnerInfoInput }) => {
        this.announced.push(info);
        return { token: 'token', runner };
      },
      startRunner: ({ info }: { info: RunnerInfoInput }) => {
        this.announced.push(info);
        return { runner, protocolVersion, heartbeatSeconds: 0.05, leaseSeconds: 60, pollSeconds: 0.05 };
      },
      heartbeat: ({ attempts, problem }: { attempts: { attemptId: string }[]; problem: string | null }) => {
        this.problems.push(problem);
        const retryAfterSeconds = this.refusals.shift();
        if (typeof retryAfterSeconds === 'number')
          throw new GraphQLError('another copy is in use', { extensions: { code: 'CONFLICT', retryAfterSeconds } });
        return attempts.map(({ attemptId }) => ({ attemptId, directive: this.heartbeatDirective }));
      },
      releaseRunner: () => true,
      claimRun: () => this.claim(),
      reportAttempt: ({ report }: { report: AttemptReportInput }) => this.take(report, trouble),
      finishAttempt: ({ outcome, message }: { outcome: string; message: string | null }) => {
        const trouble = this.finishTroubles.shift();
        if (trouble) throw scripted(trouble, trouble === 'refused' ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR');
        this.finished.push({ outcome, message });
        return { id: RUN_ID, state: 'COMPLETED' };
      },
    };
  }

  private claim() {
    if (this.draining) return null;
    const config = this.queue.shift();
    if (!config) return null;
    this.claimedMs.push(Date.now());
    const run = { id: RUN_ID, number: 1, name: 'test', config: { dataset: 'shapes', ...config }, iterations: 10 };
    const fence = ++this.fence;
    const seconds = { leaseSeconds: 60, heartbeatSeconds: 0.05 };
    return { run, attemptId: attemptId(fence), fence, ...seconds, resumeFrom: this.resumeFrom };
  }

  private take(report: AttemptReportInput, trouble: Trouble) {
    const refuse = (code: string): never => {
      throw scripted(trouble, code);
    };
    if (trouble === 'internal error') refuse('INTERNAL_SERVER_ERROR');
    if (trouble === 'refused') refuse('BAD_USER_INPUT');
    if (trouble === 'forbidden') refuse('FORBIDDEN');
    const directive = trouble === 'lost answer' ? 'CONTINUE' : trouble;
    if (directive === 'DRAIN') this.draining = true;
    const newest = this.sequences.get(report.attemptId) ?? 0;
    if (report.sequence > newest + 1) throw new Error(`a gap: ${report.sequence} after ${newest}`);
    if (report.sequence === newest + 1) this.reports.push(unpacked(report));
    const acknowledged = Math.max(newest, report.sequence);
    this.sequences.set(report.attemptId, acknowledged);
    return { acknowledged, directive };
  }
}

function scripted(trouble: string, code: string): GraphQLError {
  return new GraphQLError(`scripted: ${trouble}`, { extensions: { code } });
}
