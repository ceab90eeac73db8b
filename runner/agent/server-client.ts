import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { UserError } from '../../schema/exit-codes.js';
import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { type FaultKind, ServerFault } from './errors.js';

const REQUEST_TIMEOUT_MS = 20_000;
/** The lowest acceptable transfer rate. It extends the timeout by the size of the blob. */
const SLOWEST_BYTES_PER_MS = 50;

/** GraphQL error codes that mean the server failed, rather than refused the request. */
const KIND_OF_CODE: Record<string, FaultKind> = {
  INTERNAL_SERVER_ERROR: 'broken',
  SERVICE_UNAVAILABLE: 'unreachable',
};
/** Sent by a server whose database is unavailable, or by a proxy whose server is down or overloaded. */
const AWAY_STATUSES = new Set([408, 429, 502, 503, 504]);

/** Uploads follow tus (https://tus.io/protocols/resumable-upload). */
const TUS = { 'tus-resumable': '1.0.0' };
const UPLOAD_PATH = /\/uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

interface GraphQLAnswer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Accepts `http://host:4000` and `http://host:4000/graphql`. Throws a UserError if the address is not HTTP. */
function graphqlAddress(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(`--server must be an address such as http://localhost:4000, got "${server}"`);
  }
  if (!url.pathname.endsWith('/graphql')) url.pathname = `${url.pathname.replace(/\/$/, '')}/graphql`;
  return url;
}

/** Sends GraphQL requests to the server over HTTP and transfers blobs. Every failure is a ServerFault. */
export class ServerClient {
  readonly address: URL;
  private away = false;

  constructor(
    server: string,
    readonly token: string | null,
    private readonly log: (message: string) => void = () => {},
  ) {
    this.address = graphqlAddress(server);
  }

  /** Executes one operation. Throws a ServerFault with the server's message when it answers with an error. */
  async request<Result, Variables>(
    document: DocumentTypeDecoration<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const response = await this.fetch(this.address, REQUEST_TIMEOUT_MS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const text = await this.readText(response);
    const answer = parseAnswer(text);
    const error = answer?.errors?.[0];
    if (error) {
      const code = error.extensions?.code ?? String(response.status);
      throw new ServerFault(KIND_OF_CODE[code] ?? kindOfStatus(response.status), code, error.message);
    }
    if (!response.ok || answer?.data == null) throw statusFault(response.status, text);
    return answer.data as Result;
  }

  /**
   * Announces a blob for an attempt, and sends the bytes of the file unless the server already has them.
   * @throws ServerFault; with the code FORBIDDEN if the attempt has ended
   */
  async uploadBlob(sha256: string, file: string, contentType: string, attempt: AttemptRefInput): Promise<void> {
    const { size } = await stat(file);
    const opened = await this.fetch(this.addressOf('uploads'), REQUEST_TIMEOUT_MS, {
      method: 'POST',
      headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': metadataOf(sha256, contentType, attempt) },
    });
    const text = await this.readText(opened);
    // An older server. During an update, the next request may reach a newer one.
    if (opened.status === 404) return this.putBlob(sha256, file, contentType);
    if (opened.status === 403) throw new ServerFault('refused', 'FORBIDDEN', refusalIn(text));
    if (!opened.ok) throw statusFault(opened.status, text);
    if (Number(opened.headers.get('upload-offset')) === size) return;
    const id = UPLOAD_PATH.exec(opened.headers.get('location') ?? '')?.[1];
    if (!id) throw new ServerFault('broken', 'LOCATION', 'the server opened an upload, but did not name it');
    const headers = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    await this.sendFile('PATCH', this.addressOf(`uploads/${id}`), file, headers);
  }

  private putBlob(sha256: string, file: string, contentType: string): Promise<void> {
    return this.sendFile('PUT', this.addressOf(`blobs/${sha256}`), file, { 'content-type': contentType });
  }

  private async sendFile(method: string, url: URL, file: string, headers: Record<string, string>): Promise<void> {
    const { size } = await stat(file);
    const response = await this.fetch(url, REQUEST_TIMEOUT_MS + size / SLOWEST_BYTES_PER_MS, {
      method,
      headers: { ...headers, 'content-length': String(size) },
      body: Readable.toWeb(createReadStream(file)) as ReadableStream,
      duplex: 'half',
    });
    const text = await this.readText(response);
    if (!response.ok) throw statusFault(response.status, text);
  }

  /** Streams the bytes at a URL of the server, absolute or relative to its root. */
  async download(url: string, bytes: number): Promise<Readable> {
    const response = await this.fetch(
      new URL(url, this.address),
      REQUEST_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS,
      {},
    );
    if (!response.ok) throw statusFault(response.status, await this.readText(response));
    if (!response.body) throw new ServerFault('broken', 'EMPTY', `the server answered ${url} without a body`);
    return Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  }

  /** The address of a path that is not GraphQL, relative to the server's root. */
  private addressOf(path: string): URL {
    return new URL(path, new URL('.', this.address));
  }

  private async fetch(url: URL, timeoutMs: number, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    // Only the server itself gets the token, even if a URL points elsewhere.
    if (this.token && url.origin === this.address.origin) headers.set('authorization', `Bearer ${this.token}`);
    const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
    try {
      const response = await fetch(url, { ...init, headers, signal });
      this.reached(!AWAY_STATUSES.has(response.status), `HTTP ${response.status}`);
      return response;
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  private async readText(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  private unreachable(error: unknown): ServerFault {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
    const why = cause.message || String(code);
    this.reached(false, why);
    return new ServerFault('unreachable', String(code), `the server at ${this.address.origin} does not answer: ${why}`);
  }

  /** Logs once when the server becomes unavailable, and once when it is back. */
  private reached(here: boolean, why: string): void {
    if (this.away === !here) return;
    this.away = !here;
    this.log(
      here
        ? 'the server is back'
        : `the server is unavailable (${why}); training continues, and the runner keeps trying`,
    );
  }
}

/** What is uploaded, and for which attempt, as tus writes it. */
function metadataOf(sha256: string, type: string, { attemptId, fence }: AttemptRefInput): string {
  const entries = Object.entries({ sha256, type, attempt: attemptId, fence: String(fence) });
  return entries.map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
}

function parseAnswer(text: string): GraphQLAnswer | null {
  try {
    return JSON.parse(text) as GraphQLAnswer;
  } catch {
    // Not a GraphQL answer, perhaps an error page from a proxy. The caller reports the HTTP status and the text.
    return null;
  }
}

function kindOfStatus(status: number): FaultKind {
  if (AWAY_STATUSES.has(status)) return 'unreachable';
  return status >= 500 ? 'broken' : 'refused';
}

function statusFault(status: number, text: string): ServerFault {
  return new ServerFault(kindOfStatus(status), String(status), `HTTP ${status}: ${explanation(text)}`);
}

/** The message of a refused upload. */
function refusalIn(text: string): string {
  const { error } = (parseAnswer(text) ?? {}) as { error?: unknown };
  return typeof error === 'string' ? error : explanation(text);
}

/** Summarizes an answer that is not GraphQL in one line. */
function explanation(text: string): string {
  const line = text.slice(0, 300).replace(/\s+/g, ' ').trim();
  if (line.startsWith('<'))
    return 'got a web page instead of a GraphQL answer; is --server the address of a Crosscheck server?';
  return line || 'no explanation';
}
