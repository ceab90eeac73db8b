import { beforeAll, expect, it } from 'vitest';
import { queriesOf } from '../testing/queries.js';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
beforeAll(async () => {
  runner = await server.registerRunner({ slots: 8 });
});

const CREATE = `mutation ($input: CreateRunInput!) { createRun(input: $input) {
  id name number config tags parent { kind number run { id } } } }`;
const create = (input: object) => server.send(CREATE, { input }, USER_TOKEN);
const RETRY = `mutation ($id: ID!, $copy: Boolean! = true) { retryRun(id: $id, copy: $copy) {
  id name state tags study { name } parent { kind number run { id } } } }`;

async function failed(): Promise<string> {
  const id = await server.createRun({ name: 'fails', tags: ['t'], priority: 99 });
  await runner.finish((await runner.claim())!, 'FAILED', 'out of memory');
  return id;
}

it('a clone has the configuration of the run that it was cloned from, and names it', async () => {
  const id = await server.createRun({ name: 'origin', tags: ['t'] }, { seed: 7 });
  const origin = await server.run(id, 'number config');
  const { data } = await create({ from: id });
  expect(data.createRun).toMatchObject({ config: origin.config, tags: [], name: 'CPS, 1/8, seed 7' });
  expect(data.createRun.parent).toEqual({ kind: 'CLONE', number: origin.number, run: { id } });
  const changed = await create({ from: id, name: 'changed', config: { ...origin.config, seed: 8 } });
  expect(changed.data.createRun).toMatchObject({ config: { seed: 8 }, parent: { number: origin.number } });
  const { children, parent } = await server.run(id, 'parent { kind } children { number }');
  expect(children).toEqual([{ number: data.createRun.number }, { number: changed.data.createRun.number }]);
  expect(parent).toBeNull();
});

it('a copy that retries a run starts from the beginning, and the run stays as it is', async () => {
  const id = await failed();
  const { number } = await server.run(id, 'number');
  const { retryRun } = await server.ask(RETRY, { id }, USER_TOKEN);
  expect(retryRun).toMatchObject({ name: 'fails', state: 'QUEUED', tags: ['t'] });
  expect(retryRun.parent).toEqual({ kind: 'RETRY', number, run: { id } });
  expect(await server.run(id, 'state failure')).toEqual({ state: 'FAILED', failure: 'out of memory' });
  const again = await server.ask(RETRY, { id, copy: false }, USER_TOKEN);
  expect(again.retryRun).toMatchObject({ id, state: 'QUEUED', parent: null });
});

it('a deleted parent is still named by its number', async () => {
  const id = await failed();
  const { number } = await server.run(id, 'number');
  const { createRun } = (await create({ from: id })).data;
  await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, USER_TOKEN);
  const { parent } = await server.run(createRun.id, 'parent { kind number run { id } }');
  expect(parent).toEqual({ kind: 'CLONE', number, run: null });
  const { runs } = await server.ask(`{ runs(query: "parent = ${number}") { edges { node { id } } } }`);
  expect(runs.edges).toEqual([{ node: { id: createRun.id } }]);
  const fields = ['parent', 'archived', 'notes'];
  const sorted = await server.ask(
    `query ($fields: [String!]!) { runs(first: 1, sort: "archived, parent") { edges { node { values(fields: $fields) } } } }`,
    { fields },
  );
  expect(sorted.runs.edges).toEqual([{ node: { values: [expect.any(Number), false, null] } }]);
});

it('a run needs a configuration, or a run to clone', async () => {
  const unknown = crypto.randomUUID();
  expect((await create({})).errors![0]).toMatchObject({
    message: 'config: is needed, unless "from" names a run to clone',
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect((await create({ from: unknown })).errors![0]!.message).toBe(`from: there is no run "${unknown}"`);
  const running = await server.createRun();
  const { errors } = await server.send(RETRY, { id: running }, USER_TOKEN);
  expect(errors![0]!.message).toMatch(/is QUEUED: only a FAILED or CANCELED run can be retried$/);
});

it('the lineage of a page of runs takes two statements', async () => {
  const list = (fields: string) => server.ask(`{ runs(first: 100) { edges { node { number ${fields} } } } }`);
  // Other statements, such as those of the sweeper, may come at any time.
  const ofRuns = async (fields: string) =>
    (await queriesOf(() => list(fields))).filter((query) => /"run"\."id" AS|runsByIds/.test(query));
  const bare = await ofRuns('');
  expect(await ofRuns('parent { run { number } } children { number }')).toHaveLength(bare.length + 2);
});
