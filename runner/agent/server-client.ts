import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { UserError } from '../../schema/exit-codes.js';
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

  /** PUT /blobs/<sha256> with the bytes of a file. Uploading a blob that already exists changes nothing. */
  async uploadBlob(sha256: string, file: string, contentType: string): Promise<void> {
    const { size } = await stat(file);
    const response = await this.fetch(this.blobAddress(sha256), REQUEST_TIMEOUT_MS + size / SLOWEST_BYTES_PER_MS, {
      method: 'PUT',
      headers: { 'content-type': contentType, 'content-length': String(size) },
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

  private blobAddress(sha256: string): URL {
    return new URL(`blobs/${sha256}`, new URL('.', this.address));
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

/** Summarizes an answer that is not GraphQL in one line. */
function explanation(text: string): string {
  const line = text.slice(0, 300).replace(/\s+/g, ' ').trim();
  if (line.startsWith('<'))
    return 'got a web page instead of a GraphQL answer; is --server the address of a Crosscheck server?';
  return line || 'no explanation';
}
