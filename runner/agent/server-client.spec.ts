import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HeartbeatDocument } from '../../schema/generated/runner/graphql.js';
import { requestOnce } from './request-once.js';
import { ServerClient } from './server-client.js';

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that gives the same answer to every request; by default, to a heartbeat. */
async function answering(listener?: (request: IncomingMessage, response: ServerResponse) => void) {
  const answer = (response: ServerResponse): unknown => response.end('{"data": {"heartbeat": []}}');
  const about = { requests: 0, answer, url: '', server: createServer() };
  about.server.on('request', (request, response) => {
    about.requests++;
    if (listener) listener(request, response);
    else about.answer(response);
  });
  opened.push(about.server.listen(0, '127.0.0.1'));
  await once(about.server, 'listening');
  about.url = `http://127.0.0.1:${(about.server.address() as AddressInfo).port}`;
  return about;
}

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

it('a server that does not know a request is older than the runner, and that is said', async () => {
  const errors = [{ message: 'Unknown argument "x".', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
  const server = await answering((_request, response) => response.writeHead(400).end(JSON.stringify({ errors })));
  await expect(new ServerClient(server.url, null).request(HeartbeatDocument, { attempts: [] })).rejects.toThrow(
    `${server.url} is older than this runner and does not know its request Heartbeat (Unknown argument "x".); upgrade the server first`,
  );
});

it('a server that does not know a field of an input is older, too, and the input is not repeated', async () => {
  const message = `Variable "$info" got invalid value { ${'x'.repeat(5000)} }; Field "facts" is not defined by type "DatasetInput".`;
  const errors = [{ message, extensions: { code: 'BAD_USER_INPUT' } }];
  const server = await answering((_request, response) => response.writeHead(400).end(JSON.stringify({ errors })));
  await expect(new ServerClient(server.url, null).request(HeartbeatDocument, { attempts: [] })).rejects.toThrow(
    'does not know its request Heartbeat (Field "facts" is not defined by type "DatasetInput"); upgrade the server first',
  );
});

describe('a client with several addresses', () => {
  const beat = { data: { heartbeat: [] } };
  const ask = (client: ServerClient) => client.request(HeartbeatDocument, { attempts: [] });

  it('uses the next one when a server fails, and stays there until that one fails', async () => {
    const lines: string[] = [];
    const [first, second] = [await answering(), await answering()];
    const client = new ServerClient([first.url, second.url], null, (line) => lines.push(line));
    await ask(client);
    first.answer = (response) => response.writeHead(503).end('stopping');
    await expect(ask(client)).rejects.toMatchObject({ kind: 'unreachable' });
    await ask(client);
    await ask(client);
    first.answer = (response) => response.end(JSON.stringify(beat));
    await ask(client);
    expect([first.requests, second.requests]).toEqual([2, 3]);
    expect(client.address.origin).toBe(second.url);
    expect(lines).toEqual([
      expect.stringContaining(`keeps trying: ${first.url}, ${second.url}`),
      `the server is back, at ${second.url}`,
    ]);
    second.server.close();
    second.server.closeAllConnections();
    await expect(ask(client)).rejects.toMatchObject({ kind: 'unreachable' });
    await ask(client);
    expect(first.requests).toBe(3);
  });

  it('moves on once when several requests fail at the same time', async () => {
    const servers = [await answering(), await answering(), await answering()];
    servers[0]!.answer = (response) => response.writeHead(502).end();
    const client = new ServerClient(
      servers.map(({ url }) => url),
      null,
    );
    await Promise.allSettled([ask(client), ask(client), ask(client)]);
    expect(client.address.origin).toBe(servers[1]!.url);
  });

  it('asks each of them once for a command that does not retry, and warns of each that is not encrypted', async () => {
    const good = await answering();
    const client = new ServerClient(['http://127.0.0.1:9', good.url], null);
    await requestOnce(client, HeartbeatDocument, { attempts: [] });
    const nowhere = new ServerClient(['http://127.0.0.1:9', 'http://127.0.0.1:9/x'], null);
    await expect(requestOnce(nowhere, HeartbeatDocument, { attempts: [] })).rejects.toThrow('does not answer');
    expect(new ServerClient(['http://a.org', 'https://b.org', 'http://c.org'], null).warning).toContain(
      'http://a.org and http://c.org are not encrypted',
    );
    expect(() => new ServerClient([], null)).toThrow('--server needs at least one address');
  });
});
