import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { listen } from '../testing/listener.js';
import { requestQueriesOf } from '../testing/queries.js';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
const RESULT = '{ dryRun matched changed numbers refused { number reason } }';
const ARGUMENTS = '$query: String, $where: RunWhere, $dryRun: Boolean! = false, $expectedCount: Int';
const PASSED = 'query: $query, where: $where, dryRun: $dryRun, expectedCount: $expectedCount';

const send = (operation: string, variables: object) =>
  server.send(`mutation (${ARGUMENTS}) { ${operation}(${PASSED}) ${RESULT} }`, variables, USER_TOKEN);
const updateRuns = (input: object, variables: object) =>
  server.send(
    `mutation (${ARGUMENTS}, $input: UpdateRunInput!) { updateRuns(${PASSED}, input: $input) ${RESULT} }`,
    { input, ...variables },
    USER_TOKEN,
  );
const tagsOf = async () => {
  const { runs } = await server.ask(
    '{ runs(orderBy: { field: CREATED_AT, direction: ASC }) { edges { node { tags } } } }',
  );
  return runs.edges.map(({ node }: { node: { tags: string[] } }) => node.tags.join());
};

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 8 });
});

/** Runs 1 to 3: running, queued, queued. Returns their numbers. */
async function three(): Promise<number[]> {
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    ids.push(await server.createRun({ name, tags: ['old'] }));
    if (name === 'a') await runner.claim();
  }
  return Promise.all(ids.map(async (id) => (await server.run(id, 'number')).number));
}

beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies', 'audit_log'));

describe('updateRuns', () => {
  it('changes all runs that the filter matches, and keeps who did it for each', async () => {
    const [one, two, three_] = await three();
    const changed = { matched: 3, changed: 3, numbers: [one, two, three_], refused: [] };
    const dry = await updateRuns({ addTags: ['new'] }, { query: 'tag = old', dryRun: true });
    expect(dry.data.updateRuns).toEqual({ dryRun: true, ...changed });
    expect(await tagsOf()).toEqual(['old', 'old', 'old']);
    const { data } = await updateRuns({ addTags: ['new'] }, { query: 'tag = old', expectedCount: 3 });
    expect(data.updateRuns).toEqual({ dryRun: false, ...changed });
    expect(await tagsOf()).toEqual(['old,new', 'old,new', 'old,new']);
    const { auditLog } = await server.ask(
      '{ auditLog { edges { node { operation targets changes { field } } } } }',
      {},
      USER_TOKEN,
    );
    expect(auditLog.edges[0].node).toMatchObject({ operation: 'updateRuns', targets: { length: 3 } });
    expect(auditLog.edges[0].node.changes).toHaveLength(3);
    expect(auditLog.edges[1].node).toMatchObject({ operation: 'updateRuns', targets: [], changes: [] });
  });

  it('names runs that cannot be changed, and changes the others', async () => {
    const [one, two, last] = await three();
    const { data } = await updateRuns({ priority: 7 }, { where: { field: { path: 'tag' }, value: 'old' } });
    const reason = `run ${one} is RUNNING: only the priority of a QUEUED run can be changed`;
    expect(data.updateRuns).toEqual({
      ...{ dryRun: false, matched: 3, changed: 2, numbers: [two, last], refused: [{ number: one, reason }] },
    });
  });

  it('changes nothing if the filter matches a different number than expected', async () => {
    await three();
    const { errors } = await updateRuns({ tags: [] }, { query: 'tag = old', expectedCount: 2 });
    const message = 'the filter matches 3 runs, but 2 were expected; nothing was changed';
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'CONFLICT' } });
    expect(await tagsOf()).toEqual(['old', 'old', 'old']);
  });

  it('expects a number above 1,000 like any other', async () => {
    await three();
    const { errors } = await updateRuns({ tags: [] }, { query: 'tag = old', expectedCount: 1001 });
    const message = 'the filter matches 3 runs, but 1001 were expected; nothing was changed';
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'CONFLICT' } });
    expect(await tagsOf()).toEqual(['old', 'old', 'old']);
  });

  it('matches archived runs like others', async () => {
    await three();
    await updateRuns({ archived: true }, { query: 'name = a' });
    expect((await updateRuns({ archived: false }, { query: 'archived' })).data.updateRuns.changed).toBe(1);
    expect((await updateRuns({ archived: true }, { query: 'not archived' })).data.updateRuns.changed).toBe(3);
  });

  it.each<[object, object, string]>([
    [{ archived: true }, {}, 'give where or query; without them, every run would be changed'],
    [{ archived: true }, { query: ' ' }, 'give where or query; without them, every run would be changed'],
    [{ archived: true }, { query: 'stat = x' }, 'query: character 1: "stat" is unknown; did you mean "state"?'],
    [{ name: 'x' }, { query: 'tag = old' }, 'input.name: many runs cannot have one name; use updateRun'],
    [{}, { query: 'tag = old' }, 'input: give at least one field to change'],
  ])('refuses %j with %j', async (input, variables, message) => {
    const { errors } = await updateRuns(input, variables);
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('refuses more than 1,000 runs', async () => {
    await server.createRun({ name: 'many' });
    const columns = `name, config, dataset_id, method, backbone, seed, pool, engine, iterations, state`;
    await server.database.dataSource.query(
      `INSERT INTO runs (${columns}) SELECT ${columns.replace('state', `'FAILED'`)} FROM runs, generate_series(1, 1000)`,
    );
    const { errors } = await updateRuns({ archived: true }, { query: 'name = many' });
    expect(errors![0]!.message).toBe(
      'the filter matches more than 1000 runs, the most that can be changed at once; narrow it',
    );
    const { data } = await updateRuns({ archived: true }, { query: 'name = many and state = failed' });
    expect([data.updateRuns.changed, data.updateRuns.numbers.length]).toEqual([1000, 100]);
  });
});

describe('runs that a filter matches', () => {
  it('are canceled, retried and deleted, or named with the reason', async () => {
    const [one, two, last] = await three();
    const live = await listen(server, 'subscription { runsChanged { number state } }', {}, USER_TOKEN);
    const canceled = await send('cancelRuns', { query: 'tag = old', expectedCount: 3 });
    expect(canceled.data.cancelRuns).toMatchObject({ matched: 3, changed: 3, refused: [] });
    await live.until(() => live.received.length >= 3);
    await live.stop();
    const retried = await send('retryRuns', { query: 'tag = old' });
    expect(retried.data.retryRuns).toEqual({
      ...{ dryRun: false, matched: 3, changed: 2, numbers: [two, last] },
      refused: [{ number: one, reason: `run ${one} is CANCELING: only a FAILED or CANCELED run can be retried` }],
    });
    expect((await runner.claim())!.runId).toBeTruthy();
    const removed = await send('deleteRuns', { query: 'tag = old', dryRun: true });
    const waits = 'cancel it and wait until its runner has stopped before you delete it';
    expect(removed.data.deleteRuns).toEqual({
      ...{ dryRun: true, matched: 3, changed: 1, numbers: [last] },
      refused: [
        { number: one, reason: `run ${one} is CANCELING: ${waits}` },
        { number: two, reason: `run ${two} is RUNNING: ${waits}` },
      ],
    });
    await send('deleteRuns', { query: 'tag = old' });
    expect(await tagsOf()).toEqual(['old', 'old']);
  });
});

describe('retryRuns with an invalid limit', () => {
  const retryRuns = (maxHours: number, dryRun: boolean) =>
    server.send(
      'mutation ($hours: Float, $dry: Boolean!) { retryRuns(query: "tag = old", maxHours: $hours, dryRun: $dry) { changed } }',
      { hours: maxHours, dry: dryRun },
      USER_TOKEN,
    );

  it.each([true, false])('is refused in the same words, dry run: %s', async (dryRun) => {
    await three();
    await send('cancelRuns', { query: 'tag = old' });
    const { errors } = await retryRuns(-1, dryRun);
    expect(errors![0]).toMatchObject({
      message: expect.stringContaining('maxHours'),
      extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'training.maxHours' }] },
    });
    expect((await retryRuns(2, dryRun)).data.retryRuns).toEqual({ changed: 2 });
  });
});

describe('many runs take no statement each', () => {
  const MANY = 20;
  /** Queues that many runs, which then fail. */
  async function failed(count: number): Promise<void> {
    await emptyTables(server.database.dataSource, 'runs', 'studies', 'audit_log');
    const base = { dataset: 'shapes', split: { labelledRatio: 0.5 } };
    const matrix = { methods: [{ name: 'supervised' }], seeds: Array.from({ length: count }, (_, seed) => seed) };
    await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
      input: { name: 's', base, matrix },
    });
    await sql(`UPDATE runs SET state = 'FAILED'`);
  }
  const retry = () =>
    server.ask('mutation { retryRuns(query: "study = s", maxHours: 2.5) { changed } }', {}, USER_TOKEN);
  const retryOfStudy = async () => {
    const [{ id }] = await sql('SELECT id FROM studies');
    await server.ask('mutation ($id: ID!) { queueMissingRuns(studyId: $id) { count } }', { id }, USER_TOKEN);
  };
  const queued = async () => (await sql(`SELECT FROM runs WHERE state = 'QUEUED'`)).length;

  it.each<[string, () => Promise<unknown>, number]>([
    ['retried with another limit', retry, MANY],
    ['retried by their study', retryOfStudy, MANY],
    ['deleted', () => send('deleteRuns', { query: 'study = s' }), 0],
  ])('when they are %s', async (_what, change, left) => {
    await failed(MANY);
    expect((await requestQueriesOf(change)).length).toBeLessThan(MANY);
    expect(await queued()).toBe(left);
  });

  it('and each keeps its own settings when it gets another limit', async () => {
    await failed(2);
    await retry();
    const configs = await sql(`SELECT config -> 'seed' AS seed, config #> '{training,maxHours}' AS hours,
      needed_config_version AS version, settings_key = md5((config - 'seed')::text) AS "hasKey" FROM runs ORDER BY number`);
    expect(configs).toEqual([0, 1].map((seed) => ({ seed, hours: 2.5, version: 2, hasKey: true })));
  });
});

describe('a run that stops matching while the mutation waits for it', () => {
  const DELETED = { dryRun: false, matched: 0, changed: 0, numbers: [], refused: [] };
  const ACCOUNT = `SELECT account.name FROM accounts account JOIN runs run ON run.author_id = account.id`;
  const OTHER = `SELECT id FROM accounts WHERE id <> runs.author_id LIMIT 1`;

  it.each<[string, () => Promise<string>, string]>([
    ['study', async () => 'study = "s"', 'UPDATE runs SET study_id = NULL'],
    ['author', async () => `author = "${(await sql(ACCOUNT))[0].name}"`, `UPDATE runs SET author_id = (${OTHER})`],
    ['name', async () => 'name = a', `UPDATE runs SET name = 'b'`],
  ])('is neither counted nor deleted: %s', async (_field, filter, change) => {
    const base = { dataset: 'shapes', split: { labelledRatio: 0.5 } };
    await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
      input: { name: 's', base, matrix: { methods: [{ name: 'supervised' }] } },
    });
    await sql(`UPDATE runs SET name = 'a'`);
    const query = await filter();
    const other = server.database.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query(change);
    const removed = send('deleteRuns', { query });
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect(await sql(waiting)).toHaveLength(1), { timeout: 15_000 });
    await other.commitTransaction();
    await other.release();
    expect((await removed).data.deleteRuns).toEqual(DELETED);
    expect(await sql('SELECT FROM runs')).toHaveLength(1);
  });
});

const sql = (statement: string) => server.database.dataSource.query(statement);
