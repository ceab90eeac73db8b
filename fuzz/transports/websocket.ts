import { WebSocket } from 'ws';
import { type Answer, parseGraphql, type Transport } from './answer.js';
import { ANSWER_TIMEOUT_MS } from './http.js';

/** A subscription that has sent nothing by then was accepted and is waiting for events. */
const QUIET_MS = 100;
/** The answer of a request that has ended, or of a subscription that waits. */
const ACCEPTED = '{"data":{}}';
const SUBPROTOCOL = 'graphql-transport-ws';

interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** Speaks `graphql-transport-ws`. The socket stays open between requests, unless the server closes it. */
export class WebSocketTransport implements Transport {
  private socket: WebSocket | null = null;
  private token: string | null = null;
  private requests = 0;

  constructor(
    private readonly url: string,
    private readonly address: string,
  ) {}

  async send(token: string | null, document: string, variables: string, isSubscription: boolean): Promise<Answer> {
    const started = performance.now();
    const socket = await this.connected(token).catch((reason: Refused) => reason);
    if (socket instanceof Refused) return answerOf(started, socket.text, socket);
    return this.ask(socket, document, variables, isSubscription);
  }

  private ask(socket: WebSocket, document: string, variables: string, isSubscription: boolean): Promise<Answer> {
    const started = performance.now();
    const id = String(++this.requests);
    return new Promise((resolve) => {
      const finish = (text: string, end: Partial<Answer> = {}) => {
        clearTimeout(timer);
        socket.removeAllListeners('message').removeAllListeners('close');
        if (end.failure) socket.terminate();
        else if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id, type: 'complete' }));
        resolve(answerOf(started, text, end));
      };
      const timer = isSubscription
        ? setTimeout(() => finish(ACCEPTED), QUIET_MS)
        : setTimeout(() => finish('', { failure: `no answer within ${ANSWER_TIMEOUT_MS} ms` }), ANSWER_TIMEOUT_MS);
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as Message;
        if (message.id !== id) return;
        if (message.type === 'next') finish(JSON.stringify(message.payload));
        else if (message.type === 'error') finish(JSON.stringify({ errors: message.payload }));
        else if (message.type === 'complete') finish(ACCEPTED);
      });
      socket.on('close', (closed, reason) => finish(String(reason), { closed }));
      const payload = `{"query":${JSON.stringify(document)},"variables":${variables}}`;
      socket.send(`{"id":"${id}","type":"subscribe","payload":${payload}}`);
    });
  }

  async close(): Promise<void> {
    const { socket } = this;
    this.socket = null;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.close();
    });
  }

  /** The open socket, or a new one. @throws Refused */
  private async connected(token: string | null): Promise<WebSocket> {
    if (this.socket && this.token === token && this.socket.readyState === WebSocket.OPEN) return this.socket;
    await this.close();
    const url = `${this.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, SUBPROTOCOL, { localAddress: this.address, handshakeTimeout: ANSWER_TIMEOUT_MS });
    this.socket = socket;
    this.token = token;
    const payload = token === null ? {} : { authorization: `Bearer ${token}` };
    await new Promise<void>((resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => {
        socket.terminate();
        reject(new Refused({ status: response.statusCode! }));
      });
      // Stays attached: an error without a listener would end this process.
      socket.on('error', ({ message }) => reject(new Refused({ failure: message })));
      socket.on('close', (closed, reason) => reject(new Refused({ closed, text: String(reason) })));
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
      socket.once('message', () => resolve());
    });
    socket.removeAllListeners('close');
    return socket;
  }
}

/** What the server answers before a request can be sent. */
class Refused implements Partial<Answer> {
  readonly status: number | null;
  readonly closed: number | null;
  readonly text: string;
  readonly failure: string | null;

  constructor({ status = null, closed = null, text = '', failure = null }: Partial<Answer>) {
    this.status = status;
    this.closed = closed;
    this.text = text;
    this.failure = failure;
  }
}

function answerOf(started: number, text: string, { status = null, closed = null, failure = null }: Partial<Answer>) {
  const milliseconds = performance.now() - started;
  return { status, closed, text, milliseconds, failure, graphql: parseGraphql(text) };
}
