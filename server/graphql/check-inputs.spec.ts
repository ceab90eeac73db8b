import { randomBytes } from 'node:crypto';
import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXED_ACCOUNTS } from '../accounts/account.entity.js';
import { createSchema } from '../schema.js';
import {
  type Claimed,
  type GraphQLAnswer,
  runConfig,
  type TestRunner,
  testServer,
  USER_TOKEN,
} from '../testing/test-server.js';
import { longestList, namedPlaces, REPAIRED_TEXTS } from './input-limits.js';

const server = testServer();
const schema = createSchema();
let runner: TestRunner;
let attempt: Claimed;

beforeAll(async () => {
  runner = await server.registerRunner();
  await server.createRun();
  attempt = (await runner.claim())!;
});

interface Place {
  /** As in `input-limits.ts`. */
  coordinate: string;
  type: GraphQLInputType;
}

/** Every argument and input field of the schema. */
const places: Place[] = Object.values(schema.getTypeMap()).flatMap((type): Place[] => {
  if (type.name.startsWith('__')) return [];
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({
      coordinate: `${type.name}.${field.name}`,
      type: field.type,
    }));
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.map((arg) => ({ coordinate: `${type.name}.${field.name}(${arg.name}:)`, type: arg.type })),
  );
});

/** A valid operation for each root field and each field with arguments, whose values the tests replace one at a time. */
const info = () => ({
  name: 'r',
  host: 'h',
  engine: 'wasm',
  device: 'd',
  version: '1',
  pool: 'p',
  datasets: [
    {
      name: 'd',
      kind: 'folder',
      classes: [{ name: 'c', color: '#000000' }],
      ignoreIndex: 255,
      trainImages: 1,
      valImages: 1,
      testImages: 1,
      fingerprint: 'f',
    },
  ],
});
const ONES = [1, 1, 1];
/** The number of the next report. */
let sequence = 1;
const report = () => ({
  attemptId: attempt.attemptId,
  fence: attempt.fence,
  sequence,
  setup: { engine: 'e', device: 'd', splitHash: 's', labelledImages: 1, unlabelledImages: 1, parameters: 1 },
  points: [{ series: 's', steps: [1], values: [1] }],
  evaluations: [{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion: new Array(9).fill(1) }],
  pseudoLabels: [
    {
      step: 1,
      network: 'BRANCH1',
      labelledPixels: ONES,
      pseudoPixels: ONES,
      undecidedPixels: 0,
      confusion: [...ONES, ...ONES, ...ONES],
    },
  ],
  alarms: [{ step: 1, kind: 'DROP', message: 'm' }],
  samples: [{ step: 1, imageId: 'i', width: 1, height: 1, kind: 'INPUT', sha256: 'a' }],
  log: [{ at: '2026-11-24T01:00:00.000Z', level: 'INFO', message: 'm' }],
  checkpoint: { step: 1, sha256: 'a', bytes: 1 },
});
const OPERATIONS: [document: string, variables: () => Record<string, unknown>][] = [
  [
    'query ($filter: RunFilter, $orderBy: RunOrder, $first: Int!, $after: String) { runs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount } }',
    () => ({
      filter: {
        studyId: attempt.runId,
        states: ['QUEUED'],
        methods: ['cps'],
        dataset: 'shapes',
        splitHash: 's',
        tags: ['t'],
        search: 's',
      },
      orderBy: { field: 'NAME', direction: 'ASC' },
      first: 5,
      after: null,
    }),
  ],
  [
    'query ($first: Int!, $after: String) { studies(first: $first, after: $after) { totalCount } }',
    () => ({ first: 1, after: 'x' }),
  ],
  ['query ($id: ID) { run(id: $id) { id } }', () => ({ id: attempt.runId })],
  ['query ($number: Int) { run(number: $number) { id } }', () => ({ number: 1 })],
  [
    `query ($id: ID, $names: [String!], $maxPoints: Int!, $fromStep: Int, $toStep: Int, $last: Int!, $after: ID, $step: Int) {
       run(id: $id) { metrics(names: $names, maxPoints: $maxPoints, fromStep: $fromStep, toStep: $toStep) { name }
         evaluations(fromStep: $fromStep, toStep: $toStep) { id } pseudoLabels(fromStep: $fromStep, toStep: $toStep) { step }
         log(last: $last, after: $after) { id } samples(step: $step) { imageId } } }`,
    () => ({ id: attempt.runId, names: ['loss'], maxPoints: 5, fromStep: 0, toStep: 9, last: 5, after: '1', step: 1 }),
  ],
  ['query ($id: ID!) { study(id: $id) { id } }', () => ({ id: attempt.runId })],
  ['query ($id: ID!) { runner(id: $id) { id } }', () => ({ id: runner.id })],
  ['query ($name: String!) { dataset(name: $name) { id } }', () => ({ name: 'shapes' })],
  ['query ($runIds: [ID!]!) { compareClassIous(runIds: $runIds) { run { id } } }', () => ({ runIds: [attempt.runId] })],
  ['mutation ($id: ID!) { cancelRun(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { retryRun(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { deleteRun(id: $id) }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { deleteStudy(id: $id) }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { drainRunner(id: $id) { id } }', () => ({ id: crypto.randomUUID() })],
  ['mutation ($id: ID!) { removeRunner(id: $id) }', () => ({ id: crypto.randomUUID() })],
  [
    'query ($accountId: ID!) { tokens(accountId: $accountId) { totalCount } }',
    () => ({ accountId: FIXED_ACCOUNTS.admin.id }),
  ],
  [
    'query ($filter: AuditFilter!) { auditLog(filter: $filter) { totalCount } }',
    () => ({ filter: { accountId: FIXED_ACCOUNTS.admin.id, operation: 'createRun' } }),
  ],
  [
    'mutation ($accountId: ID!) { createToken(accountId: $accountId, label: "a") { id } }',
    () => ({ accountId: FIXED_ACCOUNTS.admin.id }),
  ],
  [
    'mutation ($id: ID!, $limit: Int!) { setRunnerSlotLimit(id: $id, limit: $limit) { id } }',
    () => ({ id: crypto.randomUUID(), limit: 1 }),
  ],
  [
    'mutation ($name: String!, $runnerId: ID!) { transferDataset(name: $name, runnerId: $runnerId) { id } }',
    () => ({ name: 'n', runnerId: crypto.randomUUID() }),
  ],
  ['mutation ($label: String!) { createUserToken(label: $label) { id } }', () => ({ label: 'l' })],
  [
    'mutation ($input: CreateRegistrationTokenInput!) { createRegistrationToken(input: $input) { id } }',
    () => ({ input: { label: 'l', uses: 1, expiresInSeconds: 1 } }),
  ],
  [
    'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
    () => ({
      input: { name: 'n', studyId: crypto.randomUUID(), config: runConfig(), tags: ['t'], priority: -2147483648 },
    }),
  ],
  [
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    () => {
      const { dataset, split, method } = runConfig();
      const matrix = { methods: [method] };
      return {
        input: { name: 'n', description: 'd', base: { dataset, split }, matrix, tags: ['t'], priority: 2147483647 },
      };
    },
  ],
  [
    'mutation ($registrationToken: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $registrationToken, info: $info) { token } }',
    () => ({ registrationToken: 'x', info: info() }),
  ],
];
const OF_RUNNERS: typeof OPERATIONS = [
  [
    'mutation ($attempts: [AttemptRefInput!]!) { heartbeat(attempts: $attempts) { directive } }',
    () => ({ attempts: [{ attemptId: crypto.randomUUID(), fence: 1 }] }),
  ],
  [
    'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged directive } }',
    () => ({ report: report() }),
  ],
  [
    'mutation ($attempt: AttemptRefInput!, $message: String) { finishAttempt(attempt: $attempt, outcome: FAILED, message: $message) { id } }',
    () => ({ attempt: { attemptId: crypto.randomUUID(), fence: 1 }, message: 'm' }),
  ],
  // Last, because it ends the attempt.
  ['mutation ($info: RunnerInfoInput!) { startRunner(info: $info) { leaseSeconds } }', () => ({ info: info() })],
];
const SUBSCRIPTIONS: typeof OPERATIONS = [
  ['subscription ($runId: ID!) { runChanged(runId: $runId) { id } }', () => ({ runId: crypto.randomUUID() })],
  ['subscription ($studyId: ID) { runsChanged(studyId: $studyId) { id } }', () => ({ studyId: 'x' })],
  ['subscription ($studyId: ID) { alarmRaised(studyId: $studyId) { id } }', () => ({ studyId: 'x' })],
  [
    'subscription ($runId: ID!, $names: [String!], $sinceStep: Int) { runMetrics(runId: $runId, names: $names, sinceStep: $sinceStep) { name } }',
    () => ({ runId: crypto.randomUUID(), names: ['n'], sinceStep: 1 }),
  ],
];

/** The paths of all texts within the variables. Enum values are refused by GraphQL itself. */
function textsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

function withValueAt(variables: Record<string, unknown>, path: string[], value: unknown): Record<string, unknown> {
  const copy = structuredClone(variables);
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
  parent[path.at(-1)!] = value;
  return copy;
}

const ENUMS = new Set(['states', 'field', 'direction', 'network', 'subset', 'kind', 'level', 'at']);
const isEnum = (path: string[]) => path.some((key) => ENUMS.has(key)) && !path.includes('datasets');
const REPAIRED = [/^report\.(alarms|log)\.0\.message$/, /^report\.setup\.device$/, /^message$/];
const BAD_TEXTS: [string, string, RegExp][] = [
  ['NUL', 'a\0b', /must not contain the character NUL; found it at position 1$/],
  [
    'a lone high surrogate',
    'ab\uD83D',
    /must be valid Unicode; found half of a surrogate pair \(U\+D83D\) at position 2$/,
  ],
  [
    'a lone low surrogate',
    '\uDE00',
    /must be valid Unicode; found half of a surrogate pair \(U\+DE00\) at position 0$/,
  ],
  ['10,001 characters', 'x'.repeat(10_001), /must have at most 10000 characters; got 10001$/],
];

const codeOf = ({ errors }: GraphQLAnswer) => errors?.[0]?.extensions.code;

/** The first answer of a subscription, or the errors that it is refused with. */
const firstAnswer = async (document: string, variables: Record<string, unknown>): Promise<GraphQLAnswer> => {
  const answers = server.subscribe(document, variables, USER_TOKEN);
  return await answers.next().then(
    ({ value }) => value,
    (errors) => ({ data: null, errors }),
  );
};

describe.each(BAD_TEXTS)('a text with %s', (_, text, message) => {
  const ask = async (
    operations: typeof OPERATIONS,
    send: (document: string, variables: Record<string, unknown>) => Promise<GraphQLAnswer>,
  ) => {
    let tried = 0;
    for (const [document, variables] of operations) {
      for (const path of textsIn(variables())) {
        if (isEnum(path) || REPAIRED.some((repaired) => repaired.test(path.join('.')))) continue;
        const answer = await send(document, withValueAt(variables(), path, text));
        expect(codeOf(answer), `${document} ${path}`).toBe('BAD_USER_INPUT');
        expect(answer.errors![0]!.message).toMatch(new RegExp(`^${path.join('\\.')}: `));
        expect(answer.errors![0]!.message).toMatch(message);
        tried++;
      }
    }
    return tried;
  };

  it('is refused in every argument of people', async () => {
    expect(
      await ask(OPERATIONS, (document, variables) => server.send(document, variables, USER_TOKEN)),
    ).toBeGreaterThan(30);
  });

  it('is refused in every argument of runners', async () => {
    expect(await ask(OF_RUNNERS, (document, variables) => server.send(document, variables, runner.token))).toBe(20);
  });

  it('is refused in every argument over WebSocket', async () => {
    expect(await ask(SUBSCRIPTIONS, firstAnswer)).toBe(5);
  });
});

describe('every argument and input field of the schema', () => {
  it('is in an operation of this test', () => {
    const documents = [...OPERATIONS, ...OF_RUNNERS, ...SUBSCRIPTIONS].map(
      ([document, variables]) => `${document} ${JSON.stringify(variables())}`,
    );
    const missing = places.filter(({ coordinate, type }) => {
      if (!['String', 'ID', 'JSONObject'].includes(getNamedType(type).name)) return false;
      const name = /(\w+)(:\))?$/.exec(coordinate)![1]!;
      return !documents.some((text) => new RegExp(`\\b${name}\\b`).test(text));
    });
    expect(missing.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('has the limits that are written down for it', () => {
    const known = places.map(({ coordinate }) => coordinate);
    expect(namedPlaces().filter((place) => !known.includes(place))).toEqual([]);
    expect(REPAIRED_TEXTS.size).toBe(REPAIRED.length + 1);
  });

  it('has at most 100,000 entries if it is a list', () => {
    const lists = places.filter(({ type }) => isListType(getNullableType(type)));
    expect(lists.length).toBeGreaterThan(15);
    for (const { coordinate } of lists) expect(longestList(coordinate)).toBeLessThanOrEqual(100_000);
  });
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

describe('an id', () => {
  it('that is empty is refused, wherever it is', async () => {
    for (const [document, variables] of OPERATIONS) {
      for (const path of textsIn(variables()).filter((each) => /id(s|\.0)?$/i.test(each.join('.')))) {
        const answer = await server.send(document, withValueAt(variables(), path, ''), USER_TOKEN);
        expect(codeOf(answer), `${document} ${path}`).toBe('BAD_USER_INPUT');
        expect(answer.errors![0]!.message).toBe(
          `${path.join('.')}: must not be empty; give an id, or null where that is allowed`,
        );
      }
    }
  });

  it('that is not a UUID is that of a missing thing, or an invalid filter', async () => {
    for (const [document, variables] of [...OPERATIONS, ...OF_RUNNERS]) {
      const token = document.includes('AttemptRefInput') || document.includes('$report') ? runner.token : USER_TOKEN;
      for (const path of textsIn(variables()).filter((each) => /id(s|\.0)?$/i.test(each.join('.')))) {
        const answer = await server.send(document, withValueAt(variables(), path, `no-${'-'.repeat(33)}`), token);
        const expected = [undefined, 'NOT_FOUND', 'BAD_USER_INPUT', 'FORBIDDEN'];
        expect(expected, `${document} ${path}: ${JSON.stringify(answer)}`).toContain(codeOf(answer));
      }
    }
    for (const [document, variables] of SUBSCRIPTIONS) {
      const id = Object.keys(variables()).find((name) => /Id$/.test(name))!;
      const answer = await firstAnswer(document, { ...variables(), [id]: 'x' });
      expect(codeOf(answer), document).toBe(id === 'studyId' ? 'BAD_USER_INPUT' : 'NOT_FOUND');
    }
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
    const { setup } = report();
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
    ['of runs, in a list of studies', STUDIES, {}, ['CREATED_AT DESC', '12', id]],
    ['with a date that does not exist', STUDIES, {}, ['CREATED_AT DESC', '2026-02-30 01:02:03+00', id]],
    ['with a year that Postgres does not know', STUDIES, {}, ['CREATED_AT DESC', '999999-01-01 01:02:03+00', id]],
    ['with a time zone that does not exist', STUDIES, {}, ['CREATED_AT DESC', '2026-02-20 01:02:03+99', id]],
    ['with a number that is too large', RUNS, {}, ['CREATED_AT DESC', '9999999999', id]],
    ['with NaN for a number', RUNS, order('PRIORITY'), ['PRIORITY DESC', 'NaN', id]],
    ['with a float that is too large', RUNS, order('MEAN_IOU'), ['MEAN_IOU DESC', '1e999', id]],
    ['with a word for a float', RUNS, order('MEAN_IOU'), ['MEAN_IOU DESC', 'much', id]],
    ['with NUL in a name', RUNS, order('NAME', 'ASC'), ['NAME ASC', 'a\0', id]],
    ['without a key', RUNS, {}, ['CREATED_AT DESC', null, id]],
    ['with an id of the right length that is not a UUID', RUNS, {}, ['CREATED_AT DESC', '1', '-'.repeat(36)]],
    ['with too few parts', RUNS, {}, ['CREATED_AT DESC', '1']],
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
    [{}, ['CREATED_AT DESC', '12', id]],
    [order('FINISHED_AT'), ['FINISHED_AT DESC', '-infinity', id]],
    [order('FINISHED_AT', 'ASC'), ['FINISHED_AT ASC', time, id]],
    [order('MEAN_IOU'), ['MEAN_IOU DESC', '-Infinity', id]],
    [order('MEAN_IOU'), ['MEAN_IOU DESC', '1.5e-07', id]],
    [order('NAME', 'ASC'), ['NAME ASC', "o'Neil; DROP", id]],
  ])('in the form that the server makes is accepted: %j %j', async (variables, parts) => {
    const answer = await server.send(RUNS, { ...variables, after: cursorOf(...parts) }, USER_TOKEN);
    expect(answer.errors).toBeUndefined();
  });
});

describe('numbers at their limits', () => {
  const LIMITS = [-(2 ** 31), -1, 0, 2 ** 31 - 1];
  const SAFE_LIMITS = [2 ** 53 - 1, -(2 ** 53) + 1];

  /** The paths of all numbers within the variables. */
  function numbersIn(value: unknown, path: string[] = []): string[][] {
    if (typeof value === 'number') return [path];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key]));
  }

  const limitsOf = (path: string[]) => [
    ...LIMITS,
    ...(/pixels|bytes|parameters/i.test(path.join()) ? SAFE_LIMITS : []),
  ];

  it('are answered in every argument of people', async () => {
    for (const [document, variables] of OPERATIONS) {
      for (const path of numbersIn(variables())) {
        for (const number of limitsOf(path)) {
          const answer = await server.send(document, withValueAt(variables(), path, number), USER_TOKEN);
          expect(codeOf(answer), `${document} ${path} ${number}`).not.toBe('INTERNAL_SERVER_ERROR');
        }
      }
    }
  });

  it('are answered in every argument of runners', async () => {
    let stored = 0;
    for (const [document, variables] of OF_RUNNERS) {
      for (const path of numbersIn(variables())) {
        for (const number of limitsOf(path)) {
          const { report: whole, ...rest } = variables() as { report?: Record<string, unknown> };
          // Blobs that were not uploaded would hide everything else.
          const { samples: _, checkpoint: __, ...part } = whole ?? {};
          const given = path[1] === 'samples' || path[1] === 'checkpoint' ? whole : part;
          const sent = withValueAt(whole ? { report: given } : rest, path, number);
          const answer = await server.send(document, sent, runner.token);
          expect(codeOf(answer), `${document} ${path} ${number}`).not.toBe('INTERNAL_SERVER_ERROR');
          if (answer.data?.reportAttempt?.acknowledged !== sequence) continue;
          sequence++;
          stored++;
        }
      }
    }
    expect(stored).toBeGreaterThan(20);
  });

  it('are accepted by a subscription', async () => {
    for (const sinceStep of LIMITS) {
      const points = server.subscribe(
        SUBSCRIPTIONS[3]![0],
        { runId: attempt.runId, names: null, sinceStep },
        USER_TOKEN,
      );
      const answer = await Promise.race([points.next(), new Promise((resolve) => setTimeout(resolve, 300, null))]);
      // The points that are stored, or nothing yet.
      expect((answer as { value?: GraphQLAnswer } | null)?.value?.errors).toBeUndefined();
      await points.return?.();
    }
  });
});
