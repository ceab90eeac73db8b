import { auditServer } from 'graphql-http';
import { expect, it } from 'vitest';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });

const audits = () =>
  auditServer({
    url: `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${USER_TOKEN}`);
      return fetch(url, { ...init, headers });
    },
  });

it('passes the audits of graphql-http, except for requests that a page of another origin could send', async () => {
  const results = await audits();
  expect(results.length).toBeGreaterThan(50);
  const failed = results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}`],
  );
  expect(failed).toEqual([
    'notice 5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
    'notice D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    'notice 6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  ]);
});

it.each([
  ['application/json', 200],
  ['application/json; charset=utf-8', 200],
  ['application/graphql-response+json', 400],
  ['application/graphql-response+json, application/json', 400],
  ['application/json, */*', 400],
])('a client that accepts %s gets status %i for an operation that is not valid', async (accept, status) => {
  const send = (query: string, variables = {}, token = USER_TOKEN) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
  expect((await send('{ nothing }')).status).toBe(status);
  expect((await send('query ($id: ID!) { study(id: $id) { id } }', { id: {} })).status).toBe(status);
  // Whatever it accepts, other refusals keep their status.
  expect((await send('{ runs { totalCount } }', {}, 'wrong')).status).toBe(401);
  expect((await send('subscription { runDeleted }')).status).toBe(400);
});

it.each(['{ me { id } }', '{ run(id: "none") { id } }'])('no answer to %s may be cached', async (query) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${USER_TOKEN}` },
    body: JSON.stringify({ query }),
  });
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
});
