import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createMask } from '../graphql/masking.js';
import { createLogger } from '../logger.js';
import { answerError } from './answers.js';
import { createPatientServer, limitBodies, type Patience } from './slow-clients.js';
import { Tally } from './tally.js';

const IMPATIENT: Patience = { headersMs: 300, bodyMs: 300, uploadIdleMs: 300 };
const opened: { server: Server; sockets: Socket[] }[] = [];

afterEach(async () => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

/** A server that answers with the number of bytes that it received, at /early before it has received them. */
async function start(connections = 10, isProxy = () => false) {
  const logger = createLogger('silent');
  const app = express().use(limitBodies(IMPATIENT));
  app.use(['/early', '/blobs/early', '/uploads/early'], (_request, response) => void response.send('early'));
  app.use('/headers', ({ headers }, response) => void response.send(`${Object.keys(headers).length} headers`));
  app.use(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.send(`${bytes} bytes`);
  });
  app.use(answerError(logger, createMask(logger)));
  const server = createPatientServer(app, new Tally(connections), isProxy, IMPATIENT).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  opened.push({ server, sockets });
  return () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    // Not once(), which would fail if the server resets the connection.
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const client = { socket, answer: '', isClosed: false, closed };
    socket.on('data', (chunk) => {
      client.answer += chunk;
    });
    socket.on('error', () => {});
    void client.closed.then(() => {
      client.isClosed = true;
    });
    return client;
  };
}

const head = (line: string, length: number) => `${line} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;

describe('a connection', () => {
  it('that sends nothing, or headers that trickle in, is closed', async () => {
    const open = await start();
    const [silent, trickling] = [open(), open()];
    trickling.socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    const timer = setInterval(() => trickling.socket.write('x: y\r\n'), 50);
    await Promise.all([silent.closed, trickling.closed]);
    clearInterval(timer);
    expect(trickling.answer).toContain('408 Request Timeout');
  });

  it('whose body trickles in gets 408 and is closed', async () => {
    const client = (await start())();
    client.socket.write(head('POST /', 1000));
    const timer = setInterval(() => client.socket.write('x'), 50);
    await client.closed;
    clearInterval(timer);
    expect(client.answer).toMatch(/^HTTP\/1\.1 408[\s\S]*REQUEST_TIMEOUT/);
  });

  it.each(['POST /early', 'PUT /blobs/early', 'PATCH /uploads/early'])(
    'that continues to send after the answer is closed: %s',
    async (line) => {
      const client = (await start())();
      client.socket.write(head(line, 1_000_000));
      const timer = setInterval(() => client.socket.write('x'), 50);
      await client.closed;
      clearInterval(timer);
      expect(client.answer).toContain('early');
    },
  );

  it.each(['PUT /blobs/x', 'PATCH /uploads/x'])(
    'may upload as slowly as it likes, as long as bytes arrive: %s',
    async (line) => {
      const client = (await start())();
      client.socket.write(head(line, 20));
      for (let i = 0; i < 20; i++) {
        client.socket.write('x');
        await sleep(60);
      }
      await expect.poll(() => client.answer, { timeout: 5_000 }).toContain('20 bytes');
    },
  );

  it('that stops in the middle of an upload is closed', async () => {
    const client = (await start())();
    client.socket.write(`${head('PUT /blobs/x', 20)}xx`);
    await client.closed;
    expect(client.answer).toMatch(/^HTTP\/1\.1 408/);
  });

  it('with long headers is not read to their end', async () => {
    const client = (await start())();
    client.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    await client.closed;
    expect(client.answer).toContain('431');
  });

  it('has at most 100 headers', async () => {
    const client = (await start())();
    const lines = Array.from({ length: 200 }, (_, i) => `x${i}: y\r\n`);
    client.socket.write(`GET /headers HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`);
    // Newer versions of Node refuse the request; older ones drop the rest.
    await expect.poll(() => client.answer, { timeout: 20_000 }).toMatch(/100 headers|^HTTP\/1\.1 431 /);
  });
});

describe('an address', () => {
  it('has a limited number of connections, unless it is a proxy', async () => {
    const open = await start(2);
    const get = 'GET /early HTTP/1.1\r\nHost: x\r\n\r\n';
    const clients = [open(), open()];
    for (const { socket } of clients) socket.write(get);
    for (const { socket } of clients) await once(socket, 'data');
    const third = open();
    third.socket.write(get);
    await third.closed;
    // A connection that is silent would be closed, too.
    expect(third.answer).toBe('');
    clients[0]!.socket.destroy();
    await clients[0]!.closed;
    await expect
      .poll(async () => {
        const next = open();
        next.socket.write(get);
        await Promise.race([next.closed, once(next.socket, 'data')]);
        return next.answer;
      })
      .toContain('early');

    const openAsProxy = await start(1, () => true);
    const proxied = [openAsProxy(), openAsProxy()];
    for (const { socket } of proxied) socket.write(get);
    for (const { socket } of proxied) await once(socket, 'data');
  });
});
