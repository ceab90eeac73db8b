import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  REGISTRATION_TOKEN,
  runConfig,
  runnerInfo,
  type TestRunner,
  testServer,
  USER_TOKEN,
} from '../testing/test-server.js';

const server = testServer({ authRequired: true, authFailuresPerMinute: 20 });
const FIELDS = 'id at account { name } tokenId runnerId address operation targets arguments outcome';

/** The audit log, oldest entry first. */
// biome-ignore lint/suspicious/noExplicitAny: arguments differ
async function log(filter: object | null = null): Promise<any[]> {
  const query = `query ($filter: AuditFilter) { auditLog(filter: $filter, first: 100) { edges { node { ${FIELDS} } } } }`;
  const { auditLog } = await server.ask(query, { filter }, USER_TOKEN);
  return auditLog.edges.map(({ node }: { node: object }) => node).reverse();
}

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
const viewer = { account: '', id: '', token: '' };
let runner: TestRunner;

beforeAll(async () => {
  const { createAccount } = await server.ask(
    'mutation { createAccount(name: "guest", role: VIEWER) { id } }',
    {},
    USER_TOKEN,
  );
  const create = 'mutation ($id: ID!) { createToken(accountId: $id, label: "laptop") { id token } }';
  const { createToken } = await server.ask(create, { id: createAccount.id }, USER_TOKEN);
  Object.assign(viewer, { account: createAccount.id, ...createToken });
  runner = await server.registerRunner();
});

it('has what was done so far, newest first, without secrets', async () => {
  const [account, token, registration] = await log();
  expect(account).toMatchObject({
    ...{ account: { name: 'admin' }, operation: 'createAccount', outcome: 'OK', runnerId: null },
    ...{ arguments: { name: 'guest', role: 'VIEWER', share: 1 }, targets: [viewer.account], address: '127.0.0.1' },
    tokenId: expect.any(String),
  });
  expect(token).toMatchObject({
    arguments: { accountId: viewer.account, label: 'laptop' },
    targets: [viewer.account, viewer.id],
  });
  expect(registration).toMatchObject({
    ...{ account: null, operation: 'registerRunner', outcome: 'OK', runnerId: runner.id, targets: [runner.id] },
    tokenId: expect.any(String),
    arguments: {
      info: { name: 'gpu-1', host: 'lab', engine: 'wasm', device: 'cpu', version: '1', pool: 'default', slots: 1 },
    },
  });
  const text = JSON.stringify(await log());
  for (const secret of [viewer.token, runner.token, USER_TOKEN, REGISTRATION_TOKEN]) expect(text).not.toContain(secret);
});

describe('an entry', () => {
  const newest = async () => (await log()).at(-1);

  it('is written for a mutation that is refused, with the code', async () => {
    const id = crypto.randomUUID();
    await server.send('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, viewer.token);
    expect(await newest()).toMatchObject({
      ...{ account: { name: 'guest' }, tokenId: viewer.id, operation: 'deleteRun', outcome: 'FORBIDDEN' },
      ...{ targets: [id], arguments: { id } },
    });
    await server.send('mutation ($id: ID!) { deleteRun(id: $id) }', { id: 'not an id' }, USER_TOKEN);
    expect(await newest()).toMatchObject({ outcome: 'NOT_FOUND', targets: [], arguments: { id: 'not an id' } });
  });

  it('names what was changed once, even if the client writes its id in capitals', async () => {
    const id = await server.createRun();
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: id.toUpperCase() }, USER_TOKEN);
    expect(await newest()).toMatchObject({ operation: 'cancelRun', outcome: 'OK', targets: [id] });
  });

  it('keeps only the hash of a configuration and of a description', async () => {
    const config = runConfig();
    const id = await server.createRun({ name: 'mine', tags: ['a', 'b'], priority: 3 });
    expect(await newest()).toMatchObject({
      operation: 'createRun',
      targets: [id],
      arguments: { input: { name: 'mine', tags: ['a', 'b'], priority: 3, configSha256: sha256(config) } },
    });
    const input = { name: 's', description: 'private', base: config, matrix: { methods: [] } };
    await server.send('mutation ($i: CreateStudyInput!) { createStudy(input: $i) { id } }', { i: input }, USER_TOKEN);
    const entry = await newest();
    expect(entry.arguments.input).toMatchObject({ name: 's', descriptionSha256: sha256('private') });
    expect(JSON.stringify(entry)).not.toMatch(/private|shapes/);
  });

  it('can be stored whatever the arguments are', async () => {
    const label = `\u0000\ud800${'x'.repeat(100_000)}\ud83d\ude00`;
    await server.send('mutation ($l: String!) { createToken(label: $l) { id } }', { l: label }, USER_TOKEN);
    const { outcome, arguments: recorded } = await newest();
    expect(outcome).toBe('BAD_USER_INPUT');
    expect(recorded.label).toMatch(/^\ufffd\ufffdx{254}…$/);
  });

  it('is written over a WebSocket too', async () => {
    const mutation = 'mutation { cancelRun(id: "over a socket") { id } }';
    await server.subscribe(mutation, {}, USER_TOKEN).next();
    expect(await newest()).toMatchObject({ operation: 'cancelRun', arguments: { id: 'over a socket' } });
  });

  it('is not written for queries, nor for what runners report', async () => {
    const before = (await log()).length;
    await runner.claim();
    await runner.heartbeat();
    await server.ask('{ runs { totalCount } }', {}, viewer.token);
    await server.send('mutation { cancelRun(id: "x") { id } }');
    expect(await log()).toHaveLength(before);
  });

  it('is written for a registration with a wrong token, until the sender is told to wait', async () => {
    const register = `mutation ($token: String!, $info: RunnerInfoInput!) {
      registerRunner(registrationToken: $token, info: $info) { token } }`;
    const before = (await log({ operation: 'registerRunner' })).length;
    for (let i = 0; i < 25; i++) await server.send(register, { token: `guess ${i}`, info: runnerInfo() });
    const entries = (await log({ operation: 'registerRunner' })).slice(before);
    expect(entries.length).toBeGreaterThanOrEqual(20);
    expect(entries.length).toBeLessThan(25);
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(entries[0]).toMatchObject({ tokenId: null, runnerId: null, account: null, address: '127.0.0.1' });
  });

  it('is not written for a registration that nobody counts, because its input is refused first', async () => {
    const register = `mutation ($token: String!, $info: RunnerInfoInput!) {
      registerRunner(registrationToken: $token, info: $info) { token } }`;
    const before = await log({ operation: 'registerRunner' });
    const info = runnerInfo({ name: 'a\0b' });
    const { errors } = await server.send(register, { token: 'guess', info });
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(await log({ operation: 'registerRunner' })).toHaveLength(before.length);
    await server.send(register, { token: REGISTRATION_TOKEN, info });
    expect(await newest()).toMatchObject({ operation: 'registerRunner', outcome: 'BAD_USER_INPUT' });
  });
});

describe('the audit log', () => {
  it('is found by account, operation and time', async () => {
    const all = await log();
    const guest = await log({ accountId: viewer.account });
    expect(guest).toEqual(all.filter(({ account }) => account?.name === 'guest'));
    expect(guest.length).toBeGreaterThan(0);
    expect(await log({ operation: 'createRun' })).toEqual(all.filter(({ operation }) => operation === 'createRun'));
    const { at } = all[3];
    expect(await log({ from: at })).toEqual(all.filter((entry) => entry.at >= at));
    expect(await log({ to: at })).toEqual(all.filter((entry) => entry.at < at));
    expect(await log({ accountId: 'nobody' })).toEqual([]);
  });

  it('is read in pages that fit together', async () => {
    const query = `query ($after: String) { auditLog(first: 3, after: $after) {
      totalCount pageInfo { endCursor hasNextPage } edges { node { id } } } }`;
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { auditLog } = await server.ask(query, { after }, USER_TOKEN);
      ids.push(...auditLog.edges.map(({ node }: { node: { id: string } }) => node.id));
      after = auditLog.pageInfo.hasNextPage ? auditLog.pageInfo.endCursor : null;
    } while (after);
    expect(ids).toEqual((await log()).map(({ id }) => id).reverse());
    const forged = Buffer.from(JSON.stringify(['AUDIT DESC', "1' --", crypto.randomUUID()])).toString('base64url');
    await expect(server.ask(query, { after: forged }, USER_TOKEN)).rejects.toThrow('BAD_USER_INPUT: after: ');
  });

  it('is only for admins', async () => {
    await expect(server.ask('{ auditLog { totalCount } }', {}, viewer.token)).rejects.toThrow(
      'FORBIDDEN: auditLog needs the role ADMIN; the account "guest" has the role VIEWER',
    );
  });
});

describe('a server that keeps it for 30 days', () => {
  beforeEach(() => server.stop());
  afterEach(() => server.stop());

  it('deletes older entries when it starts', async () => {
    const { dataSource } = server.database;
    await dataSource.query(`UPDATE audit_log SET at = now() - interval '29 days' WHERE operation = 'createRun'`);
    await dataSource.query(`UPDATE audit_log SET at = now() - interval '31 days' WHERE operation = 'deleteRun'`);
    await server.start({ auditDays: 30 });
    const left = async () => new Set((await log()).map(({ operation }) => operation));
    while ((await left()).has('deleteRun')) await sleep(20);
    expect(await left()).toContain('createRun');
  });
});
