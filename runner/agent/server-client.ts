import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { fetch, Headers, type RequestInit, type Response } from 'undici';
import { UserError } from '../../schema/exit-codes.js';
import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { isLoopbackHost } from '../files/public-address.js';
import { readAnswer } from './answers.js';
import { troubleOf } from './connection-trouble.js';
import { ServerFault } from './errors.js';
import { AWAY_STATUSES, errorOf, explanation, parseAnswer, refusalIn, statusFault } from './faults.js';
import { printableLines } from './printable.js';
import { WAITS, type Waits } from './retry.js';
import { type Route, routeTo } from './route.js';

const REQUEST_TIMEOUT_MS = 20_000;
/** The lowest acceptable transfer rate. It extends the timeout by the size of the blob. */
const SLOWEST_BYTES_PER_MS = 50;

/** What a runner reads of an answer. The largest real one is a claim with its configuration. */
const MAX_RUNNER_ANSWER_BYTES = 4 * 1024 ** 2;
/** What the commands of people read of one, such as the log of a run. */
const MAX_ANSWER_BYTES = 64 * 1024 ** 2;

/** Uploads follow tus (https://tus.io/protocols/resumable-upload). */
const TUS = { 'tus-resumable': '1.0.0' };
const UPLOAD_PATH = /\/uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Accepts `http://host:4000` and `http://host:4000/graphql`. Throws a UserError if the address is not HTTP or has a password. */
function graphqlAddress(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError(`--server must be an address such as http://localhost:4000, got "${server}"`);
  }
  if (url.username || url.password) {
    throw new UserError(`--server must be an address without a user name and password: ${url.origin}${url.pathname}`);
  }
  if (!url.pathname.endsWith('/graphql')) url.pathname = `${url.pathname.replace(/\/$/, '')}/graphql`;
  return url;
}

/** Sends GraphQL requests to the server over HTTP and transfers blobs. Every failure is a ServerFault. */
export class ServerClient {
  readonly address: URL;
  readonly route: Route;
  private away = false;
  private lastInvalid = '';

  constructor(
    server: string,
    readonly token: string | null,
    private readonly log: (message: string) => void = () => {},
    /** Between the tries of a request to this server; `retry` uses them. */
    readonly waits: Waits = WAITS,
  ) {
    this.address = graphqlAddress(server);
    this.route = routeTo(this.address);
  }

  /** The server's address as people type it, without a slash at the end. */
  get url(): string {
    return new URL('.', this.address).href.replace(/\/$/, '');
  }

  /** What to say about an address at which everybody on the way can read the token and the data; null if none can. */
  get warning(): string | null {
    const { protocol, hostname } = this.address;
    if (protocol === 'https:' || isLoopbackHost(hostname)) return null;
    return (
      `warning: ${this.url} is not encrypted: everybody on the way can read and change what this runner sends and ` +
      'receives, including its token; put a TLS proxy in front of the server and use https (docs/security.md)'
    );
  }

  /**
   * Executes one operation of a runner and checks its answer (answers.ts). Throws a ServerFault with the server's
   * message when it answers with an error, and one that names the field when its answer is not valid.
   */
  async request<Result, Variables>(
    document: DocumentTypeDecoration<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const data = await this.send(document, variables, MAX_RUNNER_ANSWER_BYTES);
    try {
      return readAnswer(document, data);
    } catch (error) {
      throw this.invalid(`to ${nameOf(document)}: ${(error as Error).message}`);
    }
  }

  /** A fault for an answer that no Crosscheck server gives. It may be a proxy's, so the request is repeated. */
  invalid(why: string): ServerFault {
    const message = `${this.url} gave an invalid answer ${why}`;
    // A request is repeated every few seconds.
    if (message !== this.lastInvalid) this.log(message);
    this.lastInvalid = message;
    return new ServerFault('broken', 'INVALID_ANSWER', message);
  }

  /** Executes one operation and returns its data as it is. Only for people's commands: a runner uses `request`. */
  async send<Result, Variables>(
    document: DocumentTypeDecoration<Result, Variables>,
    variables: Variables,
    maxBytes = MAX_ANSWER_BYTES,
  ): Promise<Result> {
    const response = await this.fetch(this.address, REQUEST_TIMEOUT_MS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const text = await this.readText(response, maxBytes);
    const answer = parseAnswer(text);
    const [error] = Array.isArray(answer?.errors) ? answer.errors : [];
    if (error !== undefined) throw errorOf(error, response.status);
    if (!response.ok) throw statusFault(response.status, text);
    if (answer?.data == null) throw this.invalid(`(HTTP ${response.status}): ${explanation(text)}`);
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
    if (!id) throw this.invalid('to POST /uploads: its Location names no upload');
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
      body: Readable.toWeb(createReadStream(file)),
      duplex: 'half',
    });
    const text = await this.readText(response);
    // An earlier request, whose answer was lost, has stored the file in the meantime. The next announcement will show it.
    if (response.status === 409) throw new ServerFault('broken', '409', refusalIn(text));
    if (!response.ok) throw statusFault(response.status, text);
  }

  /** Streams a blob of about `bytes` bytes. The server may send more or others: the caller counts and checks them. */
  async download(sha256: string, bytes: number, signal: AbortSignal): Promise<Readable> {
    const timeoutMs = REQUEST_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS;
    const response = await this.fetch(this.addressOf(`blobs/${sha256}`), timeoutMs, { signal });
    if (!response.ok) throw statusFault(response.status, await this.readText(response));
    if (!response.body) throw new ServerFault('broken', 'EMPTY', `the server sent blob ${sha256} without a body`);
    return Readable.fromWeb(response.body);
  }

  /** The address of a path that is not GraphQL, relative to the server's root. */
  private addressOf(path: string): URL {
    return new URL(path, new URL('.', this.address));
  }

  private async fetch(url: URL, timeoutMs: number, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    let response: Response;
    try {
      // Whoever answers must not send the runner, and perhaps its token, elsewhere.
      const { dispatcher } = this.route;
      response = await fetch(url, { ...init, headers, signal, dispatcher, redirect: 'manual' });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw this.unreachable(error);
    }
    if (response.status === 407 && this.route.proxy !== null) {
      await discard(response);
      throw this.unreachable(new Error('Proxy Authentication Required (407)'));
    }
    this.reached(!AWAY_STATUSES.has(response.status), `HTTP ${response.status}`);
    if (response.status >= 300 && response.status < 400) {
      const location = printableLines(response.headers.get('location') ?? 'nowhere', 200);
      await discard(response);
      throw this.invalid(
        `(HTTP ${response.status}): it redirects to ${location}; if that is right, use it as --server`,
      );
    }
    return response;
  }

  private async readText(response: Response, maxBytes = MAX_RUNNER_ANSWER_BYTES): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) break;
      }
    } catch (error) {
      throw this.unreachable(error);
    }
    if (bytes > maxBytes) throw this.invalid(`of more than ${maxBytes} bytes`);
    return Buffer.concat(chunks).toString('utf8');
  }

  private unreachable(error: unknown): ServerFault {
    const { code, what, why } = troubleOf(error, { server: this.address, proxy: this.route.proxy });
    this.reached(false, why);
    return new ServerFault('unreachable', code, `the server at ${this.url} ${what}: ${why}`);
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

/** The name of an operation, for messages. */
function nameOf(document: unknown): string {
  return /\w+\s+(\w+)/.exec(String(document))?.[1] ?? 'an operation';
}

/** A connection is used again only when its answer has been read or discarded. */
async function discard(response: Response): Promise<void> {
  // It does not matter if the connection has broken.
  await response.body?.cancel().catch(() => {});
}

/** What is uploaded, and for which attempt, as tus writes it. */
function metadataOf(sha256: string, type: string, { attemptId, fence }: AttemptRefInput): string {
  const entries = Object.entries({ sha256, type, attempt: attemptId, fence: String(fence) });
  return entries.map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
}
