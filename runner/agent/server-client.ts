import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { fetch, Headers, type RequestInit, type Response } from 'undici';
import { UserError } from '../../schema/exit-codes.js';
import { readAnswer } from './answers.js';
import { troubleOf } from './connection-trouble.js';
import { ServerFault } from './errors.js';
import { AWAY_STATUSES, errorOf, explainedByAge, explanation, parseAnswer, statusFault } from './faults.js';
import { printableLines } from './printable.js';
import { WAITS, type Waits } from './retry.js';
import { type Route, routeTo } from './route.js';
import { ServerAddresses, typed } from './server-addresses.js';
import { ServerClock } from './server-clock.js';

export const REQUEST_TIMEOUT_MS = 20_000;

/** What a runner reads of an answer. The largest real one is a claim with its configuration. */
const MAX_RUNNER_ANSWER_BYTES = 4 * 1024 ** 2;
/** What the commands of people read of one, such as the log of a run. */
const MAX_ANSWER_BYTES = 64 * 1024 ** 2;

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

/** Sends requests to the server over HTTP. Every failure is a ServerFault. blob-transfer.ts transfers blobs. */
export class ServerClient {
  readonly clock = new ServerClock();
  readonly addresses: ServerAddresses;
  private readonly routes: ReadonlyMap<URL, Route>;
  private away = false;
  private lastInvalid = '';

  /** @param servers the address of the server or, if several servers share its database, of each; they are tried in turn */
  constructor(
    servers: string | readonly string[],
    readonly token: string | null,
    private readonly log: (message: string) => void = () => {},
    /** Between the tries of a request to this server; `retry` uses them. */
    readonly waits: Waits = WAITS,
    /** See HomeLock. Called before each request. */
    private readonly assertHeld: () => void = () => {},
  ) {
    const all = [servers].flat();
    if (all.length === 0) throw new UserError('--server needs at least one address, such as http://localhost:4000');
    this.addresses = new ServerAddresses(all.map(graphqlAddress));
    this.routes = new Map(this.addresses.all.map((address) => [address, routeTo(address)]));
  }

  /** The address in use. */
  get address(): URL {
    return this.addresses.current;
  }

  /** How requests reach the address in use. */
  get route(): Route {
    return this.routes.get(this.address)!;
  }

  /** All addresses, each with /graphql. */
  get hrefs(): string[] {
    return this.addresses.all.map(({ href }) => href);
  }

  /** The server's address as people type it, without a slash at the end. */
  get url(): string {
    return typed(this.address);
  }

  /** What to say about addresses at which everybody on the way can read the token and the data; null if there are none. */
  get warning(): string | null {
    return this.addresses.warning;
  }

  /**
   * Executes one operation of a runner and checks its answer (answers.ts). Throws a ServerFault with the server's
   * message when it answers with an error, and one that names the field when its answer is not valid.
   */
  async request<Result, Variables>(
    document: DocumentTypeDecoration<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const data = await this.send(document, variables, MAX_RUNNER_ANSWER_BYTES).catch((error: Error) => {
      throw explainedByAge(error, this.url, nameOf(document));
    });
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
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
    };
    const response = await this.fetch(this.address, init, AbortSignal.timeout(REQUEST_TIMEOUT_MS));
    const text = await this.readText(response, maxBytes);
    const answer = parseAnswer(text);
    const [error] = Array.isArray(answer?.errors) ? answer.errors : [];
    if (error !== undefined) throw errorOf(error, response.status);
    if (!response.ok) throw statusFault(response.status, text);
    if (answer?.data == null) throw this.invalid(`(HTTP ${response.status}): ${explanation(text)}`);
    return answer.data as Result;
  }

  /**
   * Sends one request.
   * @param path an address, or a path relative to the server's root
   * @param timeout aborts when it takes too long, which is the server's fault; `init.signal` is the caller's wish
   */
  async fetch(path: string | URL, init: RequestInit, timeout: AbortSignal): Promise<Response> {
    this.assertHeld();
    const { address, route } = this;
    const url = new URL(path, new URL('.', address));
    const headers = new Headers(init.headers);
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const sentMs = this.clock.monotonic();
    let response: Response;
    try {
      // Whoever answers must not send the runner, and perhaps its token, elsewhere.
      response = await fetch(url, { ...init, headers, signal, dispatcher: route.dispatcher, redirect: 'manual' });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw this.unreachable(url, error);
    }
    this.clock.learn(response.headers.get('crosscheck-time'), sentMs, this.clock.monotonic());
    if (response.status === 407 && route.proxy !== null) {
      await discard(response);
      throw this.unreachable(url, new Error('Proxy Authentication Required (407)'));
    }
    // 429 is about this runner's own requests, wherever it sends them.
    if (response.status >= 500 || (AWAY_STATUSES.has(response.status) && response.status !== 429))
      this.addresses.failed(url);
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

  /** The text of an answer as it arrives. Only for people's commands. Throws a ServerFault, even when the answer breaks off. */
  async *download(path: string): AsyncGenerator<string> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('no answer', 'TimeoutError')), REQUEST_TIMEOUT_MS);
    const response = await this.fetch(path, {}, late.signal).finally(() => clearTimeout(timer));
    if (!response.ok) {
      const text = await this.readText(response);
      const errors = parseAnswer(text)?.errors;
      throw Array.isArray(errors) ? errorOf(errors[0], response.status) : statusFault(response.status, text);
    }
    try {
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) yield text;
    } catch (error) {
      throw this.unreachable(new URL(response.url), error);
    }
  }

  /** The text of an answer, which must not be longer than any honest one. */
  async readText(response: Response, maxBytes = MAX_RUNNER_ANSWER_BYTES): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) break;
      }
    } catch (error) {
      throw this.unreachable(new URL(response.url), error);
    }
    if (bytes > maxBytes) throw this.invalid(`of more than ${maxBytes} bytes`);
    return Buffer.concat(chunks).toString('utf8');
  }

  private unreachable(url: URL, error: unknown): ServerFault {
    const server = this.addresses.of(url);
    const { code, what, why } = troubleOf(error, { server, proxy: this.routes.get(server)!.proxy });
    this.reached(false, why);
    this.addresses.failed(url);
    return new ServerFault('unreachable', code, `the server at ${typed(server)} ${what}: ${why}`);
  }

  /** Logs once when the server becomes unavailable, and once when it is back. */
  private reached(here: boolean, why: string): void {
    if (this.away === !here) return;
    this.away = !here;
    const several = this.addresses.all.length > 1;
    this.log(
      here
        ? `the server is back${several ? `, at ${this.url}` : ''}`
        : `the server is unavailable (${why}); training continues, and the runner keeps trying${several ? `: ${this.addresses}` : ''}`,
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
