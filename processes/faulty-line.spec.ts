import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultyLine, type LineOptions } from './faulty-line.js';

let accepted: Socket[];
const server = createServer((socket) => {
  accepted.push(socket);
  socket.on('error', () => {}).pipe(socket);
});
let line: FaultyLine;

beforeEach(async () => {
  accepted = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await line.close();
  server.close();
  await once(server, 'close');
});

async function open(options: Partial<LineOptions> = {}): Promise<Socket> {
  line = await FaultyLine.open({ ports: [(server.address() as AddressInfo).port], ...options });
  return dial();
}

function dial(): Socket {
  return connect(Number(new URL(line.url).port), '127.0.0.1').on('error', () => {});
}

async function echo(socket: Socket, bytes: number): Promise<number> {
  const started = performance.now();
  socket.write(Buffer.alloc(bytes));
  for (let got = 0; got < bytes; ) got += ((await once(socket, 'data')) as [Buffer])[0].length;
  return performance.now() - started;
}

it('passes bytes in both directions at the rate that it is told, over all connections', async () => {
  const sent: number[] = [];
  const first = await open({ bytesPerSecond: 1_000_000, onSent: (bytes) => sent.push(bytes) });
  const [one, two] = await Promise.all([echo(first, 100_000), echo(dial(), 100_000)]);
  expect(Math.max(one, two)).toBeGreaterThan(150);
  expect([line.sentBytes, sent.at(-1)]).toEqual([200_000, 200_000]);
});

it('delays each byte', async () => {
  const socket = await open({ delayMs: 50 });
  expect(await echo(socket, 10)).toBeGreaterThan(95);
});

it('breaks its connections, and can be repaired', async () => {
  const socket = await open();
  await echo(socket, 10);
  line.cut();
  await Promise.all([once(socket, 'close'), once(accepted[0]!, 'close')]);
  await echo(dial(), 10);
  line.break();
  const refused = dial();
  await once(refused, 'close');
  expect(accepted).toHaveLength(2);
  line.repair();
  await echo(dial(), 10);
});
