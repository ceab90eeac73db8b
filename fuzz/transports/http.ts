import { Agent, request } from 'node:http';
import { type Answer, parseGraphql, type Transport } from './answer.js';

/** After this, a request counts as not answered. */
export const ANSWER_TIMEOUT_MS = 30_000;

export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | null;
}

/** Sends GraphQL by POST, over a connection that stays open. */
export class HttpTransport implements Transport {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    private readonly address: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  send(token: string | null, document: string, variables: string): Promise<Answer> {
    const body = `{"query":${JSON.stringify(document)},"variables":${variables}}`;
    const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
    return this.request({ method: 'POST', path: '/graphql', headers, body });
  }

  /** Sends any request. Headers and path must be such that Node sends them. */
  async request(request: HttpRequest): Promise<Answer> {
    const answer = await this.attempt(request);
    // The server may close a connection in the moment in which it is used again.
    return answer === 'stale' ? ((await this.attempt(request)) as Answer) : answer;
  }

  private attempt({ method, path, headers, body }: HttpRequest): Promise<Answer | 'stale'> {
    const started = performance.now();
    const { hostname, port } = new URL(this.url);
    const to = { hostname, port, path, method, agent: this.agent, localAddress: this.address };
    return new Promise((resolve) => {
      const finish = (status: number | null, text: string, failure: string | null) => {
        const milliseconds = performance.now() - started;
        resolve({ status, closed: null, text, milliseconds, failure, graphql: parseGraphql(text) });
      };
      const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const sent = request({ ...to, headers: { ...length, ...headers }, timeout: ANSWER_TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => finish(response.statusCode!, Buffer.concat(chunks).toString(), null));
        response.on('error', (error) => finish(response.statusCode!, Buffer.concat(chunks).toString(), error.message));
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (sent.reusedSocket && error.code === 'ECONNRESET') resolve('stale');
        else finish(null, '', error.message);
      });
      sent.end(body ?? undefined);
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
  }
}
