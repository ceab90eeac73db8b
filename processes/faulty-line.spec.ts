import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Also after an error. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

async function echo(socket: Socket, bytes: number): Promise<number> {
  const started = performance.now();
  socket.write(Buffer.alloc(bytes));
  for (let got = 0; got < bytes; ) got += ((await once(socket, 'data')) as [Buffer])[0].length;
  return performance.now() - started;
}

it('passes bytes in both directions at the rate that it is told, over all connections', async () => {
  const sent: number[] = [];
  const first = await open({ speed: { bytesPerSecond: 1_000_000 }, onSent: (bytes) => sent.push(bytes) });
  const [one, two] = await Promise.all([echo(first, 100_000), echo(dial(), 100_000)]);
  expect(Math.max(one, two)).toBeGreaterThan(150);
  expect([line.sentBytes, sent.at(-1)]).toEqual([200_000, 200_000]);
});

it('can be slower for a while, and delays each piece', async () => {
  const socket = await open();
  line.slowDown({ bytesPerSecond: 1_000_000, delayMs: 50 });
  expect(await echo(socket, 10)).toBeGreaterThan(95);
  expect(await echo(socket, 100_000)).toBeGreaterThan(190);
  line.slowDown({ bytesPerSecond: 1 });
  line.restore();
  expect(await echo(socket, 10)).toBeLessThan(5000);
});

it('can stall: no byte passes, and no connection breaks', async () => {
  const socket = await open();
  await echo(socket, 10);
  line.stall();
  const answered = echo(socket, 10);
  await sleep(100);
  expect([line.sentBytes, socket.closed]).toEqual([10, false]);
  line.restore();
  expect(await answered).toBeGreaterThan(95);
});

it('passes what is still on its way when one side has closed its half', async () => {
  const socket = await open({ speed: { bytesPerSecond: 1_000_000 } });
  socket.end(Buffer.alloc(100_000));
  let received = 0;
  for await (const chunk of socket) received += (chunk as Buffer).length;
  expect(received).toBe(100_000);
});

it('breaks its connections, and can be restored', async () => {
  const socket = await open();
  await echo(socket, 10);
  line.cut();
  await Promise.all([closed(socket), closed(accepted[0]!)]);
  await echo(dial(), 10);
  line.break();
  const refused = dial();
  await closed(refused);
  expect(accepted).toHaveLength(2);
  line.restore();
  await echo(dial(), 10);
});
