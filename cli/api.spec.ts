import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { crosscheck } from './testing/crosscheck.js';

it('an address where another program answers is rejected in one line', async () => {
  const page = createServer((_, response) => response.writeHead(404).end('<!DOCTYPE html>\n<html>\nNot found'));
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  const { port } = page.address() as AddressInfo;
  const outcome = await crosscheck('run', 'list', '--server', `http://127.0.0.1:${port}`);
  page.close();
  const message =
    'HTTP 404: got a web page instead of a GraphQL answer; is --server the address of a Crosscheck server?';
  expect(outcome).toEqual({ code: 2, out: [], err: [`error: ${message}`] });
});
