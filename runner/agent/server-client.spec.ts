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
