import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ServerClient } from './server-client.js';

it.each([
  'http://example.org',
  'http://192.168.0.2:4000/crosscheck',
  'http://127.example.org',
  'http://[fd00::1]:4000',
])('warns that %s is not encrypted', (server) => {
  const { warning, url } = new ServerClient(server, null);
  expect(warning).toContain(`warning: ${url} is not encrypted`);
  expect(warning).toContain('https');
});

it.each(['https://example.org', 'http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
  'does not warn about %s',
  (server) => expect(new ServerClient(server, null).warning).toBeNull(),
);

it.each([
  [409, 'broken'],
  [429, 'unreachable'],
  [413, 'refused'],
])('an upload that is answered with %i ends as %s', async (status, kind) => {
  const location = `/uploads/${crypto.randomUUID()}`;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.method === 'POST') response.writeHead(201, { location, 'upload-offset': '0' }).end();
      else response.writeHead(status).end('{"error": "why"}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new ServerClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
  const file = fileURLToPath(import.meta.url);
  const attempt = { attemptId: crypto.randomUUID(), fence: 1 };
  await expect(client.uploadBlob('a'.repeat(64), file, 'image/png', attempt)).rejects.toMatchObject({ kind });
  server.close();
  server.closeAllConnections();
});
