import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseAllowedHost } from '../../files/allowed-hosts.js';
import { checkedRequest } from './checked-request.js';

let server: Server;
let port: number;
let asked: string[];
/** Where each path redirects to; the others answer with their path. */
let redirects: Record<string, string>;

function answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
  asked.push(`${headers.host}${url}`);
  const location = redirects[url!];
  if (location === undefined) response.end(url);
  else response.writeHead(302, { location }).end('see there');
}

beforeEach(async () => {
  asked = [];
  redirects = {};
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const here = () => `127.0.0.1:${port}`;
const get = async (url: string, ...hosts: string[]) => text(await checkedRequest(url, {}, hosts.map(parseAllowedHost)));

it('connects to an address that is not public only if the owner wrote it down', async () => {
  expect(await get(`http://${here()}/a`, here())).toBe('/a');
  expect(await get(`http://localhost:${port}/b`, `localhost:${port}=127.0.0.1`, 'localhost=::1')).toBe('/b');
  const name = get(`http://localhost:${port}/c`, `localhost:${port}`);
  await expect(name).rejects.toThrow(
    /^localhost has the address (127\.0\.0\.1|::1), which is not public; to allow it, use --allow-host localhost:\d+=/,
  );
  await expect(get(`http://localhost:${port}/d`, `localhost:${port}=10.0.0.1`)).rejects.toThrow('is not public');
  expect(asked).toEqual([`${here()}/a`, `localhost:${port}/b`]);
});

it('follows five redirects to allowed hosts, and no sixth', async () => {
  redirects = {
    '/1': '2',
    '/2': `http://${here()}/3`,
    '/3': '/4',
    '/4': '//127.0.0.1:'.concat(`${port}/5`),
    '/5': '6',
  };
  expect(await get(`http://${here()}/1`, here())).toBe('/6');
  redirects['/6'] = '7';
  await expect(get(`http://${here()}/1`, here())).rejects.toThrow('redirected more than 5 times');
});

it.each([
  ['another host', 'http://example.org/', 'the host example.org is not allowed'],
  ['the same host at another port', 'http://127.0.0.1:1/', 'the host 127.0.0.1:1 is not allowed'],
  ['the same host by another name', 'http://localhost/', 'the host localhost is not allowed'],
  ['the metadata service of a cloud', 'http://169.254.169.254/latest', 'the host 169.254.169.254 is not allowed'],
  ['a file', 'file:///etc/passwd', 'file: is not http or https'],
  ['a password', 'http://me:secret@127.0.0.1/', 'its address contains a password'],
  ['nonsense', 'http://[', 'something that is not an address'],
])('does not follow a redirect to %s', async (_, location, why) => {
  redirects = { '/1': location };
  await expect(get(`http://${here()}/1`, here())).rejects.toThrow(why);
  expect(asked).toEqual([`${here()}/1`]);
});

it('sends nothing to a host that is not allowed, or that no name server knows', async () => {
  await expect(get(`http://${here()}/`, 'example.org')).rejects.toThrow(`the host ${here()} is not allowed`);
  await expect(get('http://nowhere.invalid/', 'nowhere.invalid')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  expect(asked).toEqual([]);
});
