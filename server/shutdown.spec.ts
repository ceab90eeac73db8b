import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { freePort } from '../processes/free-port.js';
import { testServer } from './testing/test-server.js';

/** Much longer than a test may take, so that a test that passes has not waited for it. */
const LONG = { shutdownSeconds: 60 };
const SHORT = { shutdownSeconds: 0.3 };
const PATIENCE_MS = 10_000;
/** More than the buffers of both ends of a connection hold. */
const DOWNLOAD_BYTES = 16 * 1024 ** 2;

const server = testServer();
const sockets: Socket[] = [];

/** A connection that sends `text` and reads nothing until it is resumed. */
async function send(text: string) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  const client = { socket, received: '', closed: once(socket, 'close') };
  await once(socket, 'connect');
  socket.write(text);
  return client;
}

const head = (...lines: string[]) => `${lines.join(' HTTP/1.1\r\nHost: localhost\r\n')}\r\n\r\n`;
const query = JSON.stringify({ query: '{ server { version } }' });
const halfAPost = `${head('POST /graphql', `Content-Type: application/json\r\nContent-Length: ${query.length}`)}${query.slice(0, 5)}`;

/** Waits until the server has begun to answer, or at least knows of the requests that were sent before. */
const settled = () => server.ask('{ server { version } }');

async function restart(changes: object): Promise<void> {
  await server.stop();
  await server.start(changes);
}

/** How the server stopped: within a time that is far below the long grace period. */
function stopped(): Promise<string> {
  const timer = new Promise<string>((resolve) => setTimeout(resolve, PATIENCE_MS, 'still running').unref());
  return Promise.race([server.stop().then(() => 'stopped'), timer]);
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe('a server that stops', () => {
  it('closes connections without a request at once: silent, kept alive, or in the middle of their headers', async () => {
    await restart(LONG);
    const silent = await send('');
    const halfHeaders = await send('POST /graphql HTTP/1.1\r\nHost: lo');
    const keptAlive = await send(head('GET /healthz', 'Connection: keep-alive'));
    keptAlive.socket.on('data', (chunk) => {
      keptAlive.received += chunk;
    });
    await expect.poll(() => keptAlive.received, { timeout: PATIENCE_MS }).toContain('{"status":"ok"}');
    expect(await stopped()).toBe('stopped');
    await Promise.all([silent.closed, halfHeaders.closed, keptAlive.closed]);
  });

  it('closes WebSockets at once with 1001, also one that does not confirm it', async () => {
    await restart(LONG);
    const open = async () => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const closed = new Promise<number>((resolve) => socket.on('close', resolve));
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init' }));
      await once(socket, 'message');
      return { socket, closed };
    };
    const [dashboard, asleep] = [await open(), await open()];
    asleep.socket.pause();
    expect(await stopped()).toBe('stopped');
    expect(await dashboard.closed).toBe(1001);
    asleep.socket.terminate();
  });

  it('answers a request that is complete in time', async () => {
    await restart(LONG);
    const client = await send(halfAPost);
    client.socket.on('data', (chunk) => {
      client.received += chunk;
    });
    await settled();
    const stop = stopped();
    await expect.poll(() => fetch(server.url).catch(() => 'refused')).toBe('refused');
    client.socket.write(query.slice(5));
    expect(await stop).toBe('stopped');
    await client.closed;
    expect(client.received).toContain('{"data":{"server":{"version"');
  });

  it('cuts a request that is still half sent, and a download that is too slow, after the grace period', async () => {
    await restart({});
    const runner = await server.registerRunner();
    await server.createRun();
    const attempt = (await runner.claim())!;
    const sha256 = await runner.upload(randomBytes(DOWNLOAD_BYTES));
    await runner.report(attempt, { sequence: 1, checkpoint: { step: 1, sha256, bytes: DOWNLOAD_BYTES } });
    await restart(SHORT);
    const post = await send(halfAPost);
    const download = await send(head(`GET /blobs/${sha256}`, `Authorization: Bearer ${runner.token}`));
    await once(download.socket, 'readable');
    expect(String(download.socket.read())).toContain('200 OK');
    expect(await stopped()).toBe('stopped');
    let bytes = 0;
    download.socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    await Promise.all([post.closed, download.closed]);
    expect(bytes).toBeLessThan(DOWNLOAD_BYTES);
  });
});

describe('a server that cannot start', () => {
  it('answers nothing', async () => {
    await server.stop();
    const { dataSource } = server.database;
    const port = await freePort();
    // What the server writes last before it is up.
    await dataSource.query('ALTER TABLE servers RENAME TO moved');
    try {
      await expect(server.start({ port })).rejects.toThrow('"servers" does not exist');
      await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('fetch failed');
    } finally {
      await dataSource.query('ALTER TABLE moved RENAME TO servers');
    }
    await server.start();
  });
});
