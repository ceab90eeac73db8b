import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../processes/free-port.js';
import { Authority, type Certificate } from '../runner/agent/testing/certificates.js';
import { BEHIND_PROXY, ForwardProxy } from '../runner/agent/testing/forward-proxy.js';
import { EXIT } from '../schema/exit-codes.js';
import { crosscheck } from './testing/crosscheck.js';

/** What a command prints about a server that it cannot reach, or whose certificate is wrong. */

const authority = new Authority();
const servers: TcpServer[] = [];
const proxy = new ForwardProxy();
const REACHED = 'this is the server';

beforeAll(() => proxy.listen());
afterAll(async () => {
  for (const server of servers) server.close();
  await proxy.close();
  authority.remove();
});

async function portOf(server: TcpServer): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Refuses every operation, so that a command that reaches it ends with the message. */
const answer: Parameters<typeof createServer>[1] = (request, response) => {
  request.resume();
  const body = { errors: [{ message: REACHED, extensions: { code: 'BAD_USER_INPUT' } }] };
  response.setHeader('connection', 'close').end(JSON.stringify(body));
};
const withTls = (certificate: Certificate) => portOf(createTlsServer({ ...certificate }, answer));
const withoutTls = (): Promise<number> => portOf(createServer(answer) as Server);

const list = (server: string) => crosscheck('run', 'list', '--server', server);

/** Runs the command in its own process: Node reads NODE_EXTRA_CA_CERTS only when it starts. */
async function listTrusting(server: string, env: Record<string, string> = {}) {
  const command = [join(import.meta.dirname, 'crosscheck.mjs'), 'run', 'list', '--server', server];
  const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: authority.file, ...env };
  const error = await promisify(execFile)(process.execPath, command, { env: trusting }).catch((failed) => failed);
  return { code: error.code, err: error.stderr.trimEnd().split('\n') };
}

describe('a certificate', () => {
  it('that nobody has signed', async () => {
    const server = `https://localhost:${await withTls(authority.selfSigned('localhost'))}`;
    const message =
      `error: the server at ${server} cannot be trusted: its certificate is self-signed; if it is the right server, set ` +
      'NODE_EXTRA_CA_CERTS to a file with that certificate (PEM)';
    expect(await list(server)).toEqual({ code: EXIT.unreachable, out: [], err: [message] });
  });

  it('of an unknown authority, until NODE_EXTRA_CA_CERTS names it', async () => {
    const server = `https://localhost:${await withTls(authority.sign('localhost'))}`;
    const message =
      `error: the server at ${server} cannot be trusted: its certificate is signed by an authority that this machine does not ` +
      'know; set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority (PEM), or let the server send its ' +
      'intermediate certificates';
    expect(await list(server)).toEqual({ code: EXIT.unreachable, out: [], err: [message] });
    expect(await listTrusting(server)).toEqual({ code: EXIT.refused, err: [`error: ${REACHED}`] });
  });

  it('that has expired', async () => {
    const server = `https://localhost:${await withTls(authority.sign('localhost', -1))}`;
    const { code, err } = await listTrusting(server);
    expect(code).toBe(EXIT.unreachable);
    expect(err).toEqual([
      expect.stringContaining(`${server} cannot be trusted: its certificate has expired; renew it`),
    ]);
  });

  it('of another host', async () => {
    const server = `https://localhost:${await withTls(authority.sign('crosscheck.example.org'))}`;
    const message =
      `error: the server at ${server} cannot be trusted: its certificate is for DNS:crosscheck.example.org, not for localhost; ` +
      "use a name in the certificate as the server's address";
    expect(await listTrusting(server)).toEqual({ code: EXIT.unreachable, err: [message] });
  });

  it('is checked in the same way behind a proxy', async () => {
    const at = `${BEHIND_PROXY}:${await withTls(authority.sign(BEHIND_PROXY))}`;
    const env = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: '', no_proxy: '' };
    expect(await listTrusting(`https://${at}`, env)).toEqual({ code: EXIT.refused, err: [`error: ${REACHED}`] });
    expect(proxy.asked).toEqual([`CONNECT ${at}`]);
  });
});

describe('a connection', () => {
  const expectTrouble = async (server: string, why: string | RegExp) => {
    const { code, err } = await list(server);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(why);
    expect(err[0]).toContain(`error: the server at ${server} does not answer: `);
    expect(code).toBe(EXIT.unreachable);
  };

  it('with https to a port without TLS', async () => {
    const port = await withoutTls();
    await expectTrouble(`https://localhost:${port}`, /does not speak TLS; use http:\/\/, or the port for https$/);
  });

  it('with http to a port with TLS', async () => {
    const port = await withTls(authority.sign('localhost'));
    await expectTrouble(`http://localhost:${port}`, /closed \(\w+\); if it expects TLS, use https:\/\/$/);
  });

  it('that nothing accepts', async () => {
    const why = /nothing listens at localhost:\d+; check that it is running and that the port is right$/;
    await expectTrouble(`http://localhost:${await freePort()}`, why);
  });

  it('to a port that fetch refuses', () =>
    expectTrouble(
      'http://localhost:1',
      /port 1 is reserved for another service; let the server listen on another one$/,
    ));

  it('to a host that does not exist', () =>
    expectTrouble('https://crosscheck.invalid', /(there is no host|the name) crosscheck\.invalid\b.*; check the /));

  it('that is reset', async () => {
    const port = await portOf(createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    await expectTrouble(`http://127.0.0.1:${port}`, /the connection was closed \(ECONNRESET\)/);
  });

  it('to something that does not speak HTTP', async () => {
    const port = await portOf(createTcpServer((socket) => socket.on('error', () => {}).end('220 smtp ready\r\n')));
    await expectTrouble(`http://127.0.0.1:${port}`, /does not speak HTTP; if it expects TLS, use https:\/\/$/);
  });
});

it('a proxy says that plain http was sent to its port for https', async () => {
  const page = '<html>400 The plain HTTP request was sent to HTTPS port</html>';
  const port = await portOf(createServer((_, response) => response.writeHead(400).end(page)));
  expect((await list(`http://127.0.0.1:${port}`)).err).toEqual([
    'error: HTTP 400: this is a port for TLS; use https:// in the address of the server',
  ]);
});

it('an address with a password is refused, without repeating it', async () => {
  const { code, err } = await list('https://ada:s3cret@crosscheck.example.org/lab');
  expect(code).toBe(EXIT.refused);
  expect(err).toEqual([
    'error: --server must be an address without a user name and password: https://crosscheck.example.org/lab',
  ]);
});
