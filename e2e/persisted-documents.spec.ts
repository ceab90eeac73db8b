import { expect, test } from 'vitest';
import { Dashboard } from './support/dashboard.js';

const board = new Dashboard();
const HASH = /"sha256Hash":"[0-9a-f]{64}"/g;
const UNKNOWN = `"sha256Hash":"${'0'.repeat(64)}"`;

interface Sent {
  query?: string;
  extensions?: { persistedQuery?: { sha256Hash: string } };
}

test('the dashboard sends hashes of its documents, over HTTP and WebSocket', async () => {
  const sent: Sent[] = [];
  board.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/graphql')) sent.push(request.postDataJSON());
  });
  board.page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { type: string; payload: Sent };
      if (message.type === 'subscribe') sent.push(message.payload);
    });
  });
  await board.open('/');
  await board.queue('first');
  await board.row('first').waitFor();
  expect(sent.length).toBeGreaterThan(2);
  for (const { query, extensions } of sent) {
    expect(query ?? '').toBe('');
    expect(extensions?.persistedQuery?.sha256Hash).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(board.complaints).toEqual([]);
});

test('a page of another version, whose hashes the server does not know, sends its texts', async () => {
  const texts: string[] = [];
  await board.page.route('**/graphql', (route) => {
    const data = route.request().postData()!.replace(HASH, UNKNOWN);
    const { query } = JSON.parse(data) as Sent;
    if (query) texts.push(query);
    return route.continue({ postData: data });
  });
  await board.page.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const changed = String(message).replace(HASH, UNKNOWN);
      const { query } = (JSON.parse(changed) as { payload?: Sent }).payload ?? {};
      if (query) texts.push(query);
      server.send(changed);
    });
  });
  await board.open('/');
  await board.queue('second');
  await board.row('second').waitFor();
  await board.row('second').getByRole('link', { name: 'second' }).click();
  await board.page.getByRole('heading', { name: 'second' }).waitFor();
  await board.page.getByRole('button', { name: 'Cancel run' }).click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await board.page.getByText('Canceled', { exact: true }).first().waitFor();
  expect(texts.some((text) => text.startsWith('query'))).toBe(true);
  expect(texts.some((text) => text.startsWith('mutation'))).toBe(true);
  expect(texts.some((text) => text.startsWith('subscription'))).toBe(true);
});
