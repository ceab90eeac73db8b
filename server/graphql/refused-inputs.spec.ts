import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../testing/listener.js';
import { reportOf } from '../testing/runner-inputs.js';
import { type Claimed, runConfig, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
let attempt: Claimed;
/** The number of the next report. */
let sequence = 1;

beforeAll(async () => {
  runner = await server.registerRunner();
  await server.createRun();
  attempt = (await runner.claim())!;
});
describe('a list', () => {
  it.each<[string, (length: number) => Record<string, unknown>]>([
    ['filter.tags', (length) => ({ filter: { tags: new Array(length).fill('t') } })],
    ['filter.methods', (length) => ({ filter: { methods: new Array(length).fill('cps') } })],
    ['filter.states', (length) => ({ filter: { states: new Array(length).fill('QUEUED') } })],
  ])('that is too long is refused: %s', async (path, variables) => {
    const document = 'query ($filter: RunFilter) { runs(filter: $filter) { totalCount } }';
    expect((await server.send(document, variables(1000), USER_TOKEN)).errors).toBeUndefined();
    const { errors } = await server.send(document, variables(1001), USER_TOKEN);
    expect(errors![0]).toMatchObject({
      message: `${path}: must have at most 1000 entries; got 1001`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});
describe('JSON', () => {
  const send = (config: unknown) =>
    server.send(
      'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
      { input: { config } },
      USER_TOKEN,
    );
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

  it.each<[string, unknown, string]>([
    ['a key with NUL', { ...runConfig(), 'a\0': 1 }, 'a key of input.config: must not contain the character NUL'],
    [
      'a text with half a pair',
      { ...runConfig(), placement: { pool: '\uD800' } },
      'input.config.placement.pool: must be valid Unicode',
    ],
    ['too many levels', nested(33), 'is nested more than 32 levels deep'],
    [
      'too many entries',
      { ...runConfig(), list: new Array(1001).fill(0) },
      'input.config.list: must have at most 1000 entries; got 1001',
    ],
    [
      'a key called __proto__',
      JSON.parse('{"dataset":"shapes","__proto__":{"split":1}}'),
      'the run configuration is not valid',
    ],
    ['a key called constructor', { constructor: 1, toString: 2 }, 'unknown key "constructor"'],
  ])('with %s is refused', async (_, config, message) => {
    const { errors } = await send(config);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toContain(message);
  });

  it('with an infinite number in the query text is refused', async () => {
    const config = '{ dataset: "shapes", split: { labelledRatio: 0.5 }, method: { name: "cps", weight: 1e999 } }';
    const { errors } = await server.send(`mutation { createRun(input: { config: ${config} }) { id } }`, {}, USER_TOKEN);
    expect(errors![0]!.message).toBe('input.config.method.weight: must be a finite number; got Infinity');
  });
});

describe('a text that a runner passes on', () => {
  it('is repaired and stored', async () => {
    const bad = 'NUL \0, half \uD83D, whole 😀';
    const good = 'NUL \uFFFD, half \uFFFD, whole 😀';
    const { setup } = reportOf(attempt, sequence);
    await runner.report(attempt, {
      sequence: sequence++,
      setup: { ...setup, device: bad },
      alarms: [{ step: 1, kind: 'DROP', message: bad }],
      log: [
        { at: '2026-11-24T01:00:00.000Z', level: 'INFO', message: bad },
        { at: '0000-01-01T00:00:00Z', level: 'INFO', message: `${'x'.repeat(16_383)}😀` },
      ],
    });
    const run = await server.run(attempt.runId, 'setup { device } alarms { message } log { message }');
    expect(run.setup).toEqual({ device: good });
    expect(run.alarms).toEqual([{ message: good }]);
    expect(run.log[0].message).toBe(good);
    // The cut leaves half of the emoji.
    expect(run.log[1].message).toBe(`${'x'.repeat(16_383)}\uFFFD… (1 more characters)`);
  });
});

describe('an id in upper case', () => {
  it('is in lower case in the answer, and in what others are told', async () => {
    const id = await server.createRun();
    const { received, until, stop } = await listen(server, 'subscription { runDeleted }', {}, USER_TOKEN);
    const deleted = await server.ask(`mutation { deleteRun(id: "${id.toUpperCase()}") }`, {}, USER_TOKEN);
    expect(deleted).toEqual({ deleteRun: id });
    await until(() => received.length > 0);
    expect(received).toEqual([{ runDeleted: id }]);
    await stop();
  });
});

describe('a series', () => {
  it.each([
    ['__proto__', '"__proto__" has a meaning in JavaScript and cannot name a series'],
    ['constructor', '"constructor" has a meaning in JavaScript and cannot name a series'],
    ['toString', '"toString" has a meaning in JavaScript and cannot name a series'],
    [' ', 'must have 1 to 128 printable characters'],
    ['a\nb', 'must have 1 to 128 printable characters'],
    ['x'.repeat(129), 'must have 1 to 128 printable characters'],
  ])('cannot be called %j', async (series, message) => {
    const sent = runner.report(attempt, { sequence, points: [{ series, steps: [1], values: [1] }] });
    await expect(sent).rejects.toThrow(message);
  });

  it('without points is not created', async () => {
    await runner.report(attempt, { sequence: sequence++, points: [{ series: 'empty', steps: [], values: [] }] });
    expect(await server.database.dataSource.query('SELECT name FROM series')).toEqual([]);
  });
});

describe('a cursor', () => {
  const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const id = crypto.randomUUID();
  const RUNS = 'query ($after: String, $orderBy: RunOrder) { runs(after: $after, orderBy: $orderBy) { totalCount } }';
  const STUDIES = 'query ($after: String) { studies(after: $after) { totalCount } }';
  const order = (field: string, direction = 'DESC') => ({ orderBy: { field, direction } });
  const time = '2026-11-24 01:02:03.456789+00';

  it.each<[string, string, Record<string, unknown>, unknown[]]>([
    ['of studies, in a list of runs', RUNS, {}, ['CREATED_AT DESC', time, id]],
    ['of runs, in a list of studies', STUDIES, {}, ['number desc', '["12"]', id]],
    ['with a date that does not exist', STUDIES, {}, ['CREATED_AT DESC', '2026-02-30 01:02:03+00', id]],
    ['with a year that Postgres does not know', STUDIES, {}, ['CREATED_AT DESC', '999999-01-01 01:02:03+00', id]],
    ['with a time zone that does not exist', STUDIES, {}, ['CREATED_AT DESC', '2026-02-20 01:02:03+99', id]],
    ['with a number that is too large', RUNS, {}, ['number desc', '["9999999999"]', id]],
    ['with NaN for a number', RUNS, order('PRIORITY'), ['priority desc', '["NaN"]', id]],
    ['with a float that is too large', RUNS, order('MEAN_IOU'), ['miou desc', '["1e999"]', id]],
    ['with a word for a float', RUNS, order('MEAN_IOU'), ['miou desc', '["much"]', id]],
    ['with NUL in a name', RUNS, order('NAME', 'ASC'), ['name', '["a\\u0000"]', id]],
    ['without a value that every run has', RUNS, {}, ['number desc', '[null]', id]],
    ['with too many values', RUNS, {}, ['number desc', '["1","2"]', id]],
    ['with a value that is not a text', RUNS, {}, ['number desc', '[1]', id]],
    ['with values that are not JSON', RUNS, {}, ['number desc', '1', id]],
    ['of another order', RUNS, {}, ['number', '["1"]', id]],
    ['without a key', RUNS, {}, ['number desc', null, id]],
    ['with an id of the right length that is not a UUID', RUNS, {}, ['number desc', '["1"]', '-'.repeat(36)]],
    ['with too few parts', RUNS, {}, ['number desc', '["1"]']],
    ['that is not a list', RUNS, {}, []],
  ])('%s is refused', async (_, document, variables, parts) => {
    const { errors } = await server.send(document, { ...variables, after: cursorOf(...parts) }, USER_TOKEN);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toMatch(
      /^after: ".*".* is not a cursor of this list in this order; pass pageInfo.endCursor$/,
    );
  });

  it('that is not even JSON is refused, and shortened in the message', async () => {
    const after = randomBytes(5000).toString('base64url');
    const { errors } = await server.send(RUNS, { after }, USER_TOKEN);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message.length).toBeLessThan(250);
  });

  it.each<[Record<string, unknown>, unknown[]]>([
    [{}, ['number desc', '["12"]', id]],
    [order('FINISHED_AT'), ['finished desc', '[null]', id]],
    [order('FINISHED_AT', 'ASC'), ['finished', JSON.stringify([time]), id]],
    [order('MEAN_IOU'), ['miou desc', '["-Infinity"]', id]],
    [order('MEAN_IOU'), ['miou desc', '["1.5e-07"]', id]],
    [order('NAME', 'ASC'), ['name', `["o'Neil; DROP"]`, id]],
  ])('in the form that the server makes is accepted: %j %j', async (variables, parts) => {
    const answer = await server.send(RUNS, { ...variables, after: cursorOf(...parts) }, USER_TOKEN);
    expect(answer.errors).toBeUndefined();
  });
});
