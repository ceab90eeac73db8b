import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServerClient } from './server-client.js';
import { FalseServer } from './testing/false-server.js';
import { socketLies } from './testing/socket-lies.js';
import { WakeUp } from './wake-up.js';

let asked: string[];
const trap = createServer((request, response) => {
  asked.push(request.url!);
  response.end();
});
let server: FalseServer;
let wakeUp: WakeUp | null;

beforeEach(async () => {
  asked = [];
  wakeUp = null;
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  server = new FalseServer(bait());
  await server.listen();
});
afterEach(async () => {
  wakeUp?.stop();
  await server.close();
  trap.closeAllConnections();
  await new Promise((resolve) => trap.close(resolve));
});

const bait = () => ({ url: `http://127.0.0.1:${(trap.address() as AddressInfo).port}/trap`, path: '/nowhere' });

it.each(socketLies({ url: '', path: '' }).map(({ about }) => about))(
  'after a WebSocket with %s, polling continues and another WebSocket is tried',
  async (about) => {
    server.socketLies.push(socketLies(bait()).find((lie) => lie.about === about)!);
    wakeUp = new WakeUp(new ServerClient(server.url, 'secret'), 0.02, 50);
    await vi.waitFor(() => expect(server.sockets).toBeGreaterThan(1), { timeout: 10_000, interval: 5 });
    for (let poll = 0; poll < 5; poll++) await wakeUp.wait();
    expect(asked).toEqual([]);
  },
);
