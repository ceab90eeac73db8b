import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { packageRoot } from '../package-root.js';
import { type GraphQLAnswer, testServer, USER_TOKEN } from '../testing/test-server.js';
import { PERSISTED_DOCUMENTS } from './persisted-documents.js';

const server = testServer({ authRequired: true });
const UNKNOWN = 'a'.repeat(64);
const hashOf = (name: RegExp) => [...PERSISTED_DOCUMENTS].find(([, text]) => name.test(text))![0];
const extensions = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

const wordsOf = (text: string) =>
  print(parse(text))
    .split(/[\s,:(){}]+/)
    .sort();

async function overHttp(body: object, token: string | null = USER_TOKEN) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as GraphQLAnswer) };
}

/** The first message about an operation, or the errors that it is refused with. */
function overWebSocket(payload: object): Promise<GraphQLAnswer> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${USER_TOKEN}` },
  });
  return new Promise<GraphQLAnswer>((resolve, reject) => {
    const failed = (reason: unknown) =>
      Array.isArray(reason) ? resolve({ data: null, errors: reason }) : reject(reason);
    const next = (result: unknown) => resolve(result as GraphQLAnswer);
    client.subscribe({ query: '', ...payload }, { next, error: failed, complete: () => {} });
  }).finally(() => client.dispose());
}

describe('the documents of the dashboard', () => {
  it('have the hashes that codegen computed from their texts', () => {
    const file = join(packageRoot, 'schema/generated/web/persisted-documents.json');
    const written = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
    expect(written.length).toBe(PERSISTED_DOCUMENTS.size);
    expect(written.length).toBeGreaterThan(20);
    for (const [name, text] of written) {
      const hash = createHash('sha256').update(text).digest('hex');
      expect(name).toBe(`sha256:${hash}`);
      // Codegen sorts the fields before it computes the hash.
      expect(wordsOf(PERSISTED_DOCUMENTS.get(hash)!)).toEqual(wordsOf(text));
    }
  });

  it('are executed by their hash, over HTTP and WebSocket, by the same rules as a text', async () => {
    const runs = { extensions: extensions(hashOf(/^query Runs\b/m)), variables: { query: '', sort: '', first: 1 } };
    expect((await overHttp(runs)).data.runs).toMatchObject({ __typename: 'RunConnection', totalCount: 0 });
    expect(await overHttp(runs, null)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const bad = await overHttp({ ...runs, variables: { ...runs.variables, first: 1000 } });
    expect(bad.errors![0]!.message).toContain('first must be between 1 and 100');
    const deleted = overWebSocket({ extensions: extensions(hashOf(/^subscription RunDeleted\b/m)) });
    await server.registerRunner();
    const id = await server.createRun();
    await expect
      .poll(async () => (await server.send('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, USER_TOKEN)).data)
      .toEqual({ deleteRun: id });
    expect((await deleted).data).toEqual({ runDeleted: id });
  });

  it('are the only ones: an unknown hash is refused, and a text is not stored under it', async () => {
    const query = '{ server { version } }';
    const sha256 = createHash('sha256').update(query).digest('hex');
    for (const hash of [UNKNOWN, sha256]) {
      const expected = {
        message: `the server has no document with the SHA-256 "${hash}": it only has those of its own dashboard; send the text of the document as "query"`,
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
      };
      expect(await overHttp({ extensions: extensions(hash) })).toMatchObject({ status: 400, errors: [expected] });
      expect(await overWebSocket({ extensions: extensions(hash) })).toMatchObject({ errors: [expected] });
      // What a client sends next, as urql and Apollo do.
      expect((await overHttp({ query, extensions: extensions(hash) })).data).toHaveProperty('server');
      expect((await overWebSocket({ query, extensions: extensions(hash) })).data).toHaveProperty('server');
    }
    expect((await overHttp({ extensions: extensions(sha256) })).status).toBe(400);
  });

  it.each([[{ persistedQuery: 1 }], [{ persistedQuery: { sha256Hash: 5 } }], ['x'], [{}]])(
    'are not asked for by %j',
    async (extensions) => {
      expect((await overHttp({ extensions })).errors![0]!.message).toContain('the request has no query');
    },
  );
});
