import { get } from 'node:http';
import { connect as connectTo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { localHostsOnly } from './local-hosts.js';

/** Sends a request with a Host header of our choice, which fetch does not allow. */
function status(url: string, host: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    get(url, { headers: { ...headers, host } }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, text });
    }).on('error', reject);
  });
}

async function connect(url: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const outcome = await new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open')).on('error', ({ message }) => resolve(message));
  });
  socket.close();
  return outcome;
}

const QUERY = '/graphql?query={server{version}}';
const asProgram = { 'apollo-require-preflight': 'yes' };

describe('a server that requires no tokens', () => {
  const server = testServer();

  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1:80', '127.9.9.9', '[::1]:4000'])('answers to %s', async (host) => {
    expect(await status(server.url + QUERY, host, asProgram)).toMatchObject({ status: 200 });
    expect(await connect(server.url, { host })).toBe('open');
  });

  it('accepts a socket from its own page', async () => {
    expect(await connect(server.url, { host: 'localhost:4000', origin: 'http://localhost:4000' })).toBe('open');
  });

  it.each([
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example@localhost',
    '192.168.1.5',
  ])('rejects %s, and says how to reach it', async (host) => {
    for (const path of [QUERY, '/', '/healthz', `/blobs/${'a'.repeat(64)}`]) {
      const { status: code, text } = await status(server.url + path, host, asProgram);
      expect(code).toBe(403);
      expect(JSON.parse(text).errors[0].message).toContain(`the Host header is "${host}"; use http://localhost`);
    }
    expect(await connect(server.url, { host })).toContain('403');
    expect(await connect(server.url, { host, origin: `http://${host}` })).toContain('403');
  });

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP', 'Via'])(
    'rejects what a proxy forwards, which the header %s shows',
    async (header) => {
      const { status: code, text } = await status(server.url + QUERY, 'localhost', { ...asProgram, [header]: 'x' });
      expect(code).toBe(403);
      expect(JSON.parse(text).errors[0]).toMatchObject({
        message: expect.stringContaining(`header ${header.toLowerCase()}; start the server with AUTH=on`),
        extensions: { code: 'FORBIDDEN' },
      });
      expect(await connect(server.url, { [header]: 'x' })).toContain('403');
    },
  );

  it('rejects HTTP/1.0, which only proxies speak', async () => {
    const socket = connectTo(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
    expect(answer).toContain('this one uses HTTP/1.0; start the server with AUTH=on');
  });

  it('rejects a socket from a page of another origin', async () => {
    expect(await connect(server.url, { origin: 'http://evil.example' })).toContain('403');
    expect(await connect(server.url, { origin: 'null' })).toContain('403');
  });

  it('that listens on a network address answers to that address', () => {
    const check = localHostsOnly('192.168.1.5');
    expect(check({ headers: { host: '192.168.1.5:4000' } })).toBeNull();
    expect(check({ headers: { host: '192.168.1.6:4000' } })?.message).toContain('AUTH=on');
    expect(check({ headers: {} })?.message).toContain('the request has no Host header');
    expect(localHostsOnly('fd00::5')({ headers: { host: '[fd00::5]:4000' } })).toBeNull();
  });
});

describe('a server that requires tokens', () => {
  const server = testServer({ authRequired: true });

  it('answers to any host name, and to a proxy', async () => {
    const authorized = { ...asProgram, authorization: `Bearer ${USER_TOKEN}` };
    expect(await status(server.url + QUERY, 'lab.example', authorized)).toMatchObject({ status: 200 });
    const forwarded = { ...authorized, 'x-forwarded-for': '192.0.2.1' };
    expect(await status(server.url + QUERY, 'lab.example', forwarded)).toMatchObject({ status: 200 });
    expect(await connect(server.url, { host: 'lab.example', origin: 'https://lab.example' })).toBe('open');
  });
});
