import { beforeEach, describe, expect, it } from 'vitest';
import { REGISTRATION_TOKEN, runnerInfo, testServer, USER_TOKEN } from '../testing/test-server.js';

const PER_MINUTE = 5;
const server = testServer({ authRequired: true, authFailuresPerMinute: PER_MINUTE });
const REGISTER = `mutation ($token: String!, $info: RunnerInfoInput!) {
  registerRunner(registrationToken: $token, info: $info) { token } }`;

async function status(token: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: '{ me { name } }' });
  return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).status;
}

async function guess(times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push(await status(`guess ${crypto.randomUUID()}`.replace(' ', '-')));
  return statuses;
}

beforeEach(async () => {
  await server.stop();
  await server.start();
});

describe('unknown tokens from one address', () => {
  it('are refused with 429 after a while, on loopback too', async () => {
    expect(await guess(PER_MINUTE + 2)).toEqual([...new Array(PER_MINUTE).fill(401), 429, 429]);
    const { errors } = await server.send('{ me { name } }', {}, 'one more');
    expect(errors![0]!).toMatchObject({ extensions: { code: 'TOO_MANY_REQUESTS' } });
    expect(errors![0]!.message).toMatch(/^too many unknown tokens came from .*127\.0\.0\.1: try again in \d+ s/);
    const subscription = server.subscribe('subscription { runDeleted }', {}, 'yet-another');
    await expect(subscription.next()).rejects.toMatchObject({ code: 4403 });
  });

  it('do not slow down a token that is in use there, nor requests without a token', async () => {
    expect(await status(USER_TOKEN)).toBe(200);
    await guess(PER_MINUTE + 1);
    expect(await status(USER_TOKEN)).toBe(200);
    // Longer than the answer is remembered, so that the token is looked up again.
    await server.database.dataSource.query(
      `SELECT pg_notify('crosscheck', '{"topic":"access.changed","payload":{"id":""}}')`,
    );
    expect(await status(USER_TOKEN)).toBe(200);
    expect(await server.ask('{ server { authRequired } }')).toEqual({ server: { authRequired: true } });
  });

  it('make a token wait that this server has never accepted, because it may be a guess', async () => {
    await guess(PER_MINUTE + 1);
    expect(await status(USER_TOKEN)).toBe(429);
  });

  it('are not counted for tokens that were valid once', async () => {
    const create = 'mutation { createToken(label: "old") { id token } }';
    const { createToken } = await server.ask(create, {}, USER_TOKEN);
    await server.ask('mutation ($id: ID!) { revokeToken(id: $id) { id } }', { id: createToken.id }, USER_TOKEN);
    for (let i = 0; i < PER_MINUTE + 3; i++) expect(await status(createToken.token)).toBe(401);
  });

  it('are counted for registrations, which then wait too', async () => {
    const register = async (token: string) => {
      const { errors } = await server.send(REGISTER, { token, info: runnerInfo() });
      return errors?.[0]?.extensions.code ?? 'OK';
    };
    for (let i = 0; i < PER_MINUTE + 3; i++) expect(await register(REGISTRATION_TOKEN)).toBe('OK');
    const codes: string[] = [];
    for (let i = 0; i < PER_MINUTE + 2; i++) codes.push(await register(`guess-${i}`));
    expect(codes).toEqual([
      ...new Array(PER_MINUTE).fill('UNAUTHENTICATED'),
      ...['TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS'],
    ]);
    expect(await register(REGISTRATION_TOKEN)).toBe('TOO_MANY_REQUESTS');
  });
});
