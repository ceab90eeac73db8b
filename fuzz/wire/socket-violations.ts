import { WebSocket } from 'ws';
import type { Answer } from '../transports/answer.js';

/** Messages that break `graphql-transport-ws`, in the order in which they are sent. */
export interface Violation {
  name: string;
  /** Whether the socket is initialised first. */
  initialised: boolean;
  messages: (string | Buffer)[];
}

const INIT = '{"type":"connection_init","payload":{}}';
const subscribe = (id: string, query: string) => JSON.stringify({ id, type: 'subscribe', payload: { query } });
const QUIET = 'subscription { runDeleted }';

const violation = (name: string, initialised: boolean, ...messages: (string | Buffer)[]): Violation => ({
  name,
  initialised,
  messages,
});

export const VIOLATIONS: readonly Violation[] = [
  ...[false, true].flatMap((initialised) => [
    violation('an empty message', initialised, ''),
    violation('a message that is not JSON', initialised, '{'),
    violation('null', initialised, 'null'),
    violation('a list', initialised, '[]'),
    violation('a number', initialised, '1'),
    violation('an object without a type', initialised, '{}'),
    violation('an unknown type', initialised, '{"type":"__proto__"}'),
    violation('a type that is an object', initialised, '{"type":{}}'),
    violation('bytes', initialised, Buffer.from([0, 255, 254])),
    violation(
      'a deep message',
      initialised,
      `{"type":"ping","payload":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_001)}`,
    ),
    violation('two megabytes', initialised, 'x'.repeat(2_000_000)),
    violation('a ping with a payload that is a list', initialised, '{"type":"ping","payload":[1]}'),
    violation('a pong that nobody asked for', initialised, '{"type":"pong"}'),
    violation('a thousand pings', initialised, ...new Array<string>(1000).fill('{"type":"ping"}')),
    violation('an acknowledgement', initialised, '{"type":"connection_ack"}'),
    violation('an answer', initialised, '{"id":"1","type":"next","payload":{"data":null}}'),
    violation('the end of nothing', initialised, '{"id":"1","type":"complete"}'),
    violation('a subscription without a payload', initialised, '{"id":"1","type":"subscribe"}'),
    violation(
      'a subscription without an id',
      initialised,
      '{"type":"subscribe","payload":{"query":"{ server { version } }"}}',
    ),
    violation(
      'an id that is a number',
      initialised,
      '{"id":1,"type":"subscribe","payload":{"query":"{ server { version } }"}}',
    ),
    violation('an empty id', initialised, subscribe('', QUIET)),
    violation('an id that is __proto__', initialised, subscribe('__proto__', QUIET)),
    violation('an id of 500 kB', initialised, subscribe('x'.repeat(500_000), QUIET)),
    violation('a query that is null', initialised, '{"id":"1","type":"subscribe","payload":{"query":null}}'),
    violation(
      'variables that are a list',
      initialised,
      '{"id":"1","type":"subscribe","payload":{"query":"{ server { version } }","variables":[1]}}',
    ),
    violation(
      'variables that are a text',
      initialised,
      '{"id":"1","type":"subscribe","payload":{"query":"{ server { version } }","variables":"x"}}',
    ),
    violation(
      'an operation name that is a number',
      initialised,
      '{"id":"1","type":"subscribe","payload":{"query":"{ server { version } }","operationName":1}}',
    ),
    violation(
      'extensions that are a text',
      initialised,
      '{"id":"1","type":"subscribe","payload":{"query":"{ server { version } }","extensions":"x"}}',
    ),
    violation('the same id twice', initialised, subscribe('1', QUIET), subscribe('1', QUIET)),
    violation(
      'a thousand subscriptions',
      initialised,
      ...Array.from({ length: 1000 }, (_, i) => subscribe(`${i}`, QUIET)),
    ),
    violation(
      'a thousand queries',
      initialised,
      ...Array.from({ length: 1000 }, (_, i) => subscribe(`${i}`, '{ server { version } }')),
    ),
  ]),
  violation('a second initialisation', true, INIT),
  violation('an initialisation with a list', false, '{"type":"connection_init","payload":[]}'),
  violation('an initialisation with a text', false, '{"type":"connection_init","payload":"x"}'),
  violation('a token that is a number', false, '{"type":"connection_init","payload":{"authorization":1}}'),
  violation(
    'a token that is an object',
    false,
    '{"type":"connection_init","payload":{"authorization":{"toString":1}}}',
  ),
  violation('a token with NUL', false, '{"type":"connection_init","payload":{"authorization":"Bearer a\\u0000"}}'),
  violation(
    'a token of 500 kB',
    false,
    `{"type":"connection_init","payload":{"authorization":"Bearer ${'x'.repeat(500_000)}"}}`,
  ),
  violation(
    'an initialisation with __proto__',
    false,
    '{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"}}}',
  ),
];

/** How long to listen for an answer after the last message. */
const LISTEN_MS = 150;

/** Opens a socket, sends the messages and listens until the server closes it or has been quiet for a moment. */
export function violate(url: string, address: string, token: string | null, violation: Violation): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      localAddress: address,
    });
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const finish = (part: Partial<Answer>) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - started;
      resolve({ status: null, closed: null, failure: null, graphql: null, ...part, text, milliseconds });
      socket.terminate();
    };
    const send = () => {
      for (const message of violation.messages) socket.send(message);
      timer = setTimeout(() => finish({}), LISTEN_MS);
    };
    socket.on('unexpected-response', (_request, response) => finish({ status: response.statusCode! }));
    socket.on('error', ({ message }) => finish({ failure: message }));
    socket.on('close', (closed, reason) => {
      text ||= String(reason);
      finish({ closed });
    });
    socket.on('message', (data) => {
      text += String(data).slice(0, 10_000);
      if (violation.initialised && timer === undefined) send();
    });
    socket.on('open', () => {
      if (!violation.initialised) return send();
      const payload = token === null ? {} : { authorization: `Bearer ${token}` };
      socket.send(JSON.stringify({ type: 'connection_init', payload }));
    });
  });
}
