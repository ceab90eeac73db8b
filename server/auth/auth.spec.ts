import { describe, expect, it } from 'vitest';
import { REGISTRATION_TOKEN, runConfig, runnerInfo, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const REGISTER =
  'mutation ($token: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $token, info: $info) { token } }';
const CREATE = 'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }';
const NEW_TOKEN =
  'mutation ($input: CreateRegistrationTokenInput!) { createRegistrationToken(input: $input) { id token expiresAt } }';

const register = (token: string) => server.send(REGISTER, { token, info: runnerInfo() });
const newToken = async (input: object) => (await server.ask(NEW_TOKEN, { input }, USER_TOKEN)).createRegistrationToken;

describe('a server that requires tokens', () => {
  it('tells everyone that it does, and nothing else', async () => {
    expect(await server.ask('{ server { authRequired } }')).toEqual({ server: { authRequired: true } });
    const { data, errors } = await server.send('{ runs { totalCount } }');
    expect(data).toBeNull();
    expect(errors![0]!).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(errors![0]!.message).toContain('needs a user token');
  });

  it.each(['wrong', REGISTRATION_TOKEN])('rejects a token that it did not issue: %s', async (token) => {
    await expect(server.ask('{ server { version } }', {}, token)).rejects.toThrow('UNAUTHENTICATED');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query: '{ server { version } }' });
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('lets a user token read and write, but not act as a runner', async () => {
    expect(await server.ask('{ runs { totalCount } }', {}, USER_TOKEN)).toEqual({ runs: { totalCount: 0 } });
    await expect(server.ask('mutation { claimRun { fence } }', {}, USER_TOKEN)).rejects.toThrow(
      'FORBIDDEN: claimRun needs a runner token; this is a user token',
    );
  });

  it('lets a runner token read what its runs need, but nothing else, and not act as a user', async () => {
    const [runner, other] = [await server.registerRunner(), await server.registerRunner({ name: 'gpu-2' })];
    expect(await runner.claim()).toBeNull();
    const read = (id: string, fields: string) =>
      server.ask(`query ($id: ID!) { server { version } runner(id: $id) { ${fields} } }`, { id }, runner.token);
    const status = 'id state activeAttempts { attempt { fence } run { number name step iterations } }';
    expect((await read(runner.id, status)).runner).toMatchObject({ id: runner.id, activeAttempts: [] });
    expect((await read(runner.id.toUpperCase(), 'id')).runner).toEqual({ id: runner.id });
    await expect(read(other.id, 'id')).rejects.toThrow('FORBIDDEN: runner needs a user token to read another runner');
    await expect(read(runner.id, 'datasets { heldBy { id } }')).rejects.toThrow(
      'FORBIDDEN: Runner.datasets needs a user token; this is a runner token',
    );
    await expect(server.ask('{ runs { totalCount } }', {}, runner.token)).rejects.toThrow(
      'FORBIDDEN: runs needs a user',
    );
    const { errors } = await server.send(CREATE, { input: { config: runConfig() } }, runner.token);
    expect(errors![0]!).toMatchObject({
      message: 'createRun needs a user token; this is a runner token',
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('lets whoever registers a runner read that runner, but not what is behind it', async () => {
    const query = REGISTER.replace('{ token }', '{ token runner { name datasets { id } } }');
    const { data, errors } = await server.send(query, { token: REGISTRATION_TOKEN, info: runnerInfo() });
    expect(data).toBeNull();
    expect(errors![0]!.message).toContain('Runner.datasets needs a user token');
  });

  it.each(['wrong', undefined])('closes a socket without a valid token: %s', async (token) => {
    const refused = server.subscribe('subscription { runDeleted }', {}, token);
    await expect(refused.next()).rejects.toMatchObject({ code: 4403 });
  });
});

describe('a registration token', () => {
  it('can be used up', async () => {
    const { token } = await newToken({ label: 'lab', uses: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => register(token)));
    expect(answers.filter(({ data }) => data)).toHaveLength(2);
    const refusal = answers.find(({ errors }) => errors)!.errors![0]!;
    expect(refusal).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(refusal.message).toContain('used up');
  });

  it('is not used up by a registration that fails for another reason', async () => {
    const { token } = await newToken({ label: 'lab', uses: 1 });
    const bad = await server.send(REGISTER, { token, info: runnerInfo({ slots: 0, name: '' }) });
    expect(bad.errors![0]!.message).toContain('name: must have');
    expect(bad.errors![0]!.message).toContain('slots: must be');
    expect((await register(token)).errors).toBeUndefined();
  });

  it('expires', async () => {
    const { id, token, expiresAt } = await newToken({ label: 'lab', expiresInSeconds: 60 });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 50_000);
    await server.database.dataSource.query(`UPDATE tokens SET expires_at = now() WHERE id = $1`, [id]);
    expect((await register(token)).errors![0]!.message).toContain('expired');
  });

  it.each([{ label: '' }, { label: 'a', uses: 0 }, { label: 'a', expiresInSeconds: 0 }])(
    'is not made from nonsense: %j',
    async (input) => {
      await expect(newToken(input)).rejects.toThrow('BAD_USER_INPUT');
    },
  );
});

describe('tokens', () => {
  it('are stored only as hashes', async () => {
    const { token } = await newToken({ label: 'secret' });
    const runner = await server.registerRunner();
    const rows = await server.database.dataSource.query(
      'SELECT t::text FROM tokens t UNION SELECT r::text FROM runners r',
    );
    const stored = JSON.stringify(rows);
    for (const secret of [token, runner.token, USER_TOKEN, REGISTRATION_TOKEN]) expect(stored).not.toContain(secret);
  });

  it('that people create are user tokens', async () => {
    const { createUserToken } = await server.ask('mutation { createUserToken(label: "me") { token } }', {}, USER_TOKEN);
    expect(await server.ask('{ studies { totalCount } }', {}, createUserToken.token)).toBeTruthy();
  });
});
