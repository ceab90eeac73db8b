import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Bait } from './lies.js';

/** What it does with a new WebSocket; `upgrade` answers the HTTP request instead. */
export interface SocketLie {
  about: string;
  tell?(socket: WebSocket): void;
  upgrade?(socket: Duplex): void;
}

/** The honest answer to `connection_init`. */
export function acknowledge(socket: WebSocket, message: string): void {
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
