import { isInterfaceType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXED_ACCOUNTS } from '../accounts/account.entity.js';
import { createSchema } from '../schema.js';
import { requestQueriesOf } from '../testing/queries.js';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const ids: Record<string, string> = {};
let runner: TestRunner;
let memberToken: string;

const ask = (document: string, variables: object = {}, token = USER_TOKEN) => server.ask(document, variables, token);
const nodeOf = async (id: string, token = USER_TOKEN) =>
  (await ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id }, token)).node;

beforeAll(async () => {
  runner = await server.registerRunner();
  const { createStudy } = await ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id runs { edges { node { id dataset { id } } } } } }',
    {
      input: {
        name: 's',
        base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
        matrix: { methods: [{ name: 'cps' }] },
      },
    },
  );
  const attempt = (await runner.claim())!;
  await runner.report(attempt, {
    sequence: 1,
    step: 10,
    evaluations: [{ step: 10, network: 'BRANCH1', subset: 'VAL', confusion: [8, 0, 0, 0, 8, 0, 0, 0, 8] }],
    alarms: [{ step: 10, kind: 'DROP', message: 'm', network: 'BRANCH1' }],
  });
  const { run } = await ask('query ($id: ID!) { run(id: $id) { alarms { id } evaluations { id } attempts { id } } }', {
    id: attempt.runId,
  });
  const { createAccount } = await ask('mutation { createAccount(name: "kim") { id } }');
  const { createToken } = await ask('mutation ($id: ID!) { createToken(accountId: $id, label: "t") { id token } }', {
    id: createAccount.id,
  });
  memberToken = createToken.token;
  const { createSavedFilter } = await ask(
    'mutation { createSavedFilter(input: { name: "f", query: "state = failed" }) { id } }',
  );
  Object.assign(ids, {
    Account: createAccount.id,
    Alarm: run.alarms[0].id,
    Attempt: run.attempts[0].id,
    Dataset: createStudy.runs.edges[0].node.dataset.id,
    Evaluation: run.evaluations[0].id,
    Run: attempt.runId,
    SavedFilter: createSavedFilter.id,
    Runner: runner.id,
    Study: createStudy.id,
    Token: createToken.id,
  });
});

describe('node(id)', () => {
  const schema = createSchema();
  const node = schema.getType('Node');
  const types = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];

  it('is about every type with an id of its own', () => {
    const withId = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && 'id' in type.getFields());
    // The numbers of log lines, edits and audit entries are not unique in the database, a new token is shown only once, and a
    // run that was refused has the id of the run.
    const others = ['AuditEntry', 'Edit', 'LogLine', 'NewToken', 'RefusedRun'];
    expect([...types, ...others].sort()).toEqual(withId.map(({ name }) => name).sort());
    expect(Object.keys(ids).sort()).toEqual([...types].sort());
  });

  it('finds an object of each type by the id that every other field returns', async () => {
    for (const [type, id] of Object.entries(ids)) {
      expect(await nodeOf(id)).toEqual({ __typename: type, id });
      expect(await nodeOf(id.toUpperCase())).toEqual({ __typename: type, id });
    }
  });

  it('returns every field of the type', async () => {
    const { node } = await ask(
      'query ($id: ID!) { node(id: $id) { ... on Run { number study { name } evaluations { meanIou } } ... on Study { name } } }',
      { id: ids.Run },
    );
    expect(node).toEqual({ number: 1, study: { name: 's' }, evaluations: [{ meanIou: 1 }] });
  });

  it.each(['x', '', crypto.randomUUID()])('is null, or refused, for a text that is not an id: "%s"', async (id) => {
    const { data, errors } = await server.send('query ($id: ID!) { node(id: $id) { id } }', { id }, USER_TOKEN);
    if (id === '') expect(errors![0]!.message).toContain('id: must not be empty');
    else expect(data).toEqual({ node: null });
  });

  it('shows a token only to its account and to admins, and a saved filter that is not shared only to its account', async () => {
    const [{ id: adminsToken }] = (
      await ask('query ($id: ID!) { tokens(accountId: $id) { edges { node { id } } } }', {
        id: FIXED_ACCOUNTS.admin.id,
      })
    ).tokens.edges.map((edge: { node: { id: string } }) => edge.node);
    expect(await nodeOf(adminsToken)).toMatchObject({ __typename: 'Token' });
    expect(await nodeOf(ids.Token!, memberToken)).toMatchObject({ __typename: 'Token' });
    expect(await nodeOf(adminsToken, memberToken)).toBeNull();
    expect(await nodeOf(ids.SavedFilter!, memberToken)).toBeNull();
  });

  it('is not for runners', async () => {
    const { errors } = await server.send('query ($id: ID!) { node(id: $id) { id } }', { id: runner.id }, runner.token);
    expect(errors![0]!.extensions.code).toBe('FORBIDDEN');
  });
});

describe('nodes(ids)', () => {
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

  it('keeps the order of the ids, with null for those that it does not find', async () => {
    const asked = [ids.Study, 'x', ids.Run, crypto.randomUUID(), ids.Study];
    const { nodes } = await ask(NODES, { ids: asked });
    const study = { __typename: 'Study', id: ids.Study };
    expect(nodes).toEqual([study, null, { __typename: 'Run', id: ids.Run }, null, study]);
  });

  it('reads as many statements for many ids as for one', async () => {
    const more: string[] = [];
    for (let i = 0; i < 5; i++) more.push(await server.createRun());
    const few = await requestQueriesOf(() => ask(NODES, { ids: [ids.Run] }));
    const many = await requestQueriesOf(() => ask(NODES, { ids: [ids.Run, ...more] }));
    expect(many.length).toBe(few.length);
  });

  it('has at most 100 ids, and costs as much as what is selected of each', async () => {
    const ids = new Array(101).fill(crypto.randomUUID());
    const { errors } = await server.send(NODES, { ids }, USER_TOKEN);
    expect(errors![0]!.message).toContain('ids: must have at most 100 entries; got 101');
    const log = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { log(last: 5000) { id } } } }';
    const refused = await server.send(log, { ids: ids.slice(1) }, USER_TOKEN);
    expect(refused.errors![0]!.message).toContain(`cost is ${1 + 100 * (1 + 5000)}; at most`);
    const named = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ...log } } fragment log on Run { log(last: 5000) { id } }';
    expect((await server.send(named, { ids: ids.slice(1) }, USER_TOKEN)).errors).toEqual(refused.errors);
  });
});
