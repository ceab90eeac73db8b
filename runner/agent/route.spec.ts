import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunnerStatusDocument } from '../../schema/generated/runner/graphql.js';
import { routeTo } from './route.js';
import { ServerClient } from './server-client.js';
import { FalseServer } from './testing/false-server.js';
import { BEHIND_PROXY, ForwardProxy } from './testing/forward-proxy.js';
import { RUNNER_ID } from './testing/scripted-server.js';
import { WakeUp } from './wake-up.js';

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

beforeEach(() => {
  for (const name of VARIABLES) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toLowerCase(), '');
  }
});
afterEach(() => vi.unstubAllEnvs());

describe('the route to a server', () => {
  it.each<[string, Record<string, string>, string, string | null]>([
    ['nothing is set', {}, 'http://far.example', null],
    ['HTTP_PROXY is set', { HTTP_PROXY: 'http://p:1' }, 'http://far.example', 'http://p:1'],
    ['http_proxy is set', { http_proxy: 'http://p:1' }, 'http://far.example', 'http://p:1'],
    ['only HTTP_PROXY is set, and the server uses https', { HTTP_PROXY: 'http://p:1' }, 'https://far.example', null],
    ['HTTPS_PROXY is set', { HTTPS_PROXY: 'https://p:1' }, 'https://far.example', 'https://p:1'],
    ['https_proxy is set, with a password', { https_proxy: 'http://a:b@p:1' }, 'https://far.example', 'http://p:1'],
    ['ALL_PROXY is set', { ALL_PROXY: 'http://p:1' }, 'https://far.example', 'http://p:1'],
    ['NO_PROXY names the host', { ALL_PROXY: 'http://p:1', NO_PROXY: 'x,far.example' }, 'http://far.example', null],
    ['no_proxy names its domain', { ALL_PROXY: 'http://p:1', no_proxy: '.example' }, 'http://far.example', null],
    ['NO_PROXY names another port', { ALL_PROXY: 'http://p:1', NO_PROXY: 'far:1' }, 'http://far:2', 'http://p:1'],
    ['NO_PROXY is *', { ALL_PROXY: 'http://p:1', NO_PROXY: '*' }, 'http://far.example', null],
    ['the server is on this machine', { ALL_PROXY: 'http://p:1' }, 'http://localhost:4000', null],
    ['its address is 127.0.0.1', { ALL_PROXY: 'http://p:1' }, 'http://127.0.0.1:4000', null],
    ['its address is ::1', { ALL_PROXY: 'http://p:1' }, 'http://[::1]:4000', null],
    [
      'it is on this machine, but a proxy is asked for',
      { ALL_PROXY: 'http://p:1', CROSSCHECK_PROXY_LOOPBACK: 'on' },
      'http://127.0.0.1:4000',
      'http://p:1',
    ],
  ])('if %s', (_, environment, server, proxy) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(routeTo(new URL(server)).proxy).toBe(proxy);
  });

  it.each(['socks5://user:secret@p:1', 'http://', '::'])(
    'refuses the proxy %s in words, without its password',
    (proxy) => {
      vi.stubEnv('ALL_PROXY', proxy);
      const use = () => new ServerClient('https://far.example', null);
      expect(use).toThrow(/must be an address such as http:\/\/proxy.example.org:3128, got .*NO_PROXY/);
      expect(use).not.toThrow(/secret/);
    },
  );
});

describe('through a proxy', () => {
  const proxy = new ForwardProxy();
  const server = new FalseServer({ url: '', path: '' });
  beforeAll(() => Promise.all([proxy.listen(), server.listen()]));
  afterAll(() => Promise.all([proxy.close(), server.close()]));
  beforeEach(() => {
    proxy.asked.length = 0;
    Object.assign(proxy, { credentials: null, refusal: null });
    vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`);
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`);
  });

  const port = () => new URL(server.url).port;
  const ask = (protocol = 'http') =>
    new ServerClient(`${protocol}://${BEHIND_PROXY}:${port()}`, 'token').request(RunnerStatusDocument, {
      id: RUNNER_ID,
    });

  it('a request is forwarded, with the password that the proxy asks for', async () => {
    proxy.credentials = 'ada:s3cret';
    vi.stubEnv('HTTP_PROXY', `http://ada:s3cret@${proxy.host}`);
    expect((await ask()).server.version).toBe('0.1.0');
    expect(proxy.asked).toEqual([`POST http://${BEHIND_PROXY}:${port()}/graphql`]);
  });

  it('a WebSocket is tunnelled', async () => {
    const before = server.sockets;
    const wakeUp = new WakeUp(new ServerClient(`http://${BEHIND_PROXY}:${port()}`, 'token'), 60);
    await wakeUp.wait();
    wakeUp.stop();
    expect(server.sockets).toBe(before + 1);
    expect(proxy.asked).toEqual([`CONNECT ${BEHIND_PROXY}:${port()}`]);
  });

  it('NO_PROXY leads past it', async () => {
    vi.stubEnv('NO_PROXY', BEHIND_PROXY);
    await expect(ask()).rejects.toThrow(/there is no host crosscheck\.test|cannot be looked up/);
    expect(proxy.asked).toEqual([]);
  });

  it.each(['http', 'https'])('a proxy that asks for a password is named, over %s', async (protocol) => {
    proxy.credentials = 'ada:s3cret';
    await expect(ask(protocol)).rejects.toMatchObject({
      kind: 'unreachable',
      message:
        `the server at ${protocol}://${BEHIND_PROXY}:${port()} does not answer: the proxy http://${proxy.host} asks for a user ` +
        'name and password; write them into its address: http://USER:PASSWORD@HOST:PORT',
    });
  });

  it('a proxy that refuses a tunnel is named', async () => {
    proxy.refusal = 403;
    await expect(ask('https')).rejects.toThrow(
      `the proxy http://${proxy.host} answers HTTP 403 instead of connecting to ${BEHIND_PROXY}:${port()}`,
    );
  });

  it.each(['http', 'https'])('a proxy that is down is named, over %s', async (protocol) => {
    vi.stubEnv(`${protocol}_proxy`, 'http://ada:s3cret@127.0.0.1:1');
    await expect(ask(protocol)).rejects.toThrow(
      'does not answer: the proxy http://127.0.0.1:1: nothing listens at 127.0.0.1:1; ' +
        `correct the proxy, or add ${BEHIND_PROXY} to NO_PROXY if it can be reached directly`,
    );
  });

  it('a server behind it that does not speak TLS is named', async () => {
    await expect(ask('https')).rejects.toThrow(/does not speak TLS/);
  });
});
