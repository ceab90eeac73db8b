import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../schema.js';
import {
  type Operation,
  operationsOfPeople,
  operationsOfRunner,
  SUBSCRIPTIONS,
  textsIn,
  withValueAt,
} from '../testing/api-operations.js';
import { type Claimed, type GraphQLAnswer, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';
import { longestList, longestText, namedPlaces, REPAIRED_TEXTS } from './input-limits.js';

// The attempt lasts as long as the whole spec, which takes a minute on a loaded machine.
const server = testServer({ leaseSeconds: 600 });
const schema = createSchema();
let runner: TestRunner;
let attempt: Claimed;
/** The number of the next report. */
let sequence = 1;
const ofPeople = () => operationsOfPeople(attempt.runId, runner.id);
const ofRunner = () => operationsOfRunner(attempt, () => sequence);

beforeAll(async () => {
  runner = await server.registerRunner();
  await server.createRun();
  attempt = (await runner.claim())!;
  // Arguments of its fields are read only if there is one.
  const evaluation = { step: 1, network: 'BRANCH1', subset: 'VAL', confusion: new Array(9).fill(1) };
  await runner.report(attempt, { sequence: sequence++, evaluations: [evaluation] });
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

const ENUMS = new Set(['states', 'field', 'direction', 'network', 'subset', 'kind', 'level', 'at', 'phase']);
/** In filters, names are texts. */
const ENUMS_OF_FILTERS = new Set(['op', 'score']);
const isEnum = (path: string[]) => {
  const name = path.findLast((key) => !/^\d+$/.test(key))!;
  return path.includes('where') ? ENUMS_OF_FILTERS.has(name) : ENUMS.has(name) && !path.includes('datasets');
};
const REPAIRED = [/^report\.(alarms|log)\.0\.message$/, /^report\.setup\.device$/, /^message$/, /^problem$/];
/** The one text that may be longer than all others. */
const LONG = 'report.evaluations.0.images.counts';
const MOST_LONG = longestText('EvaluationImagesInput.counts');
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
  [
    '10,001 characters',
    'x'.repeat(10_001),
    /must have at most (10000 characters; got 10001|2097152 characters; got 2097153)$/,
  ],
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
    operations: Operation[],
    send: (document: string, variables: Record<string, unknown>) => Promise<GraphQLAnswer>,
  ) => {
    let tried = 0;
    for (const [document, variables] of operations) {
      for (const path of textsIn(variables())) {
        if (isEnum(path) || REPAIRED.some((repaired) => repaired.test(path.join('.')))) continue;
        const bad = path.join('.') === LONG && text.length > 10_000 ? 'x'.repeat(MOST_LONG + 1) : text;
        const answer = await send(document, withValueAt(variables(), path, bad));
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
      await ask(ofPeople(), (document, variables) => server.send(document, variables, USER_TOKEN)),
    ).toBeGreaterThan(30);
  });

  it('is refused in every argument of runners', async () => {
    expect(await ask(ofRunner(), (document, variables) => server.send(document, variables, runner.token))).toBe(32);
  });

  it('is refused in every argument over WebSocket', async () => {
    expect(await ask(SUBSCRIPTIONS, firstAnswer)).toBe(20);
  });
});

describe('every argument and input field of the schema', () => {
  it('is in an operation of this test', () => {
    const documents = [...ofPeople(), ...ofRunner(), ...SUBSCRIPTIONS].map(
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
describe('an id', () => {
  it('that is empty is refused, wherever it is', async () => {
    for (const [document, variables] of ofPeople()) {
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
    for (const [document, variables] of [...ofPeople(), ...ofRunner()]) {
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
      // An id that is required names a thing, an optional one is a filter.
      const isFilter = !document.includes(`$${id}: ID!`);
      expect(codeOf(answer), document).toBe(isFilter ? 'BAD_USER_INPUT' : 'NOT_FOUND');
    }
  });
});
describe('numbers at their limits', () => {
  const LIMITS = [-(2 ** 31), -1, 0, 2 ** 31 - 1];
  const SAFE_LIMITS = [2 ** 53 - 1, -(2 ** 53) + 1];
  const WITH_BLOBS = new Set(['samples', 'checkpoint', 'reviewPictures']);

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
    for (const [document, variables] of ofPeople()) {
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
    for (const [document, variables] of ofRunner()) {
      for (const path of numbersIn(variables())) {
        for (const number of limitsOf(path)) {
          const { report: whole, ...rest } = variables() as { report?: Record<string, unknown> };
          // Blobs that were not uploaded would hide everything else.
          const { samples: _, checkpoint: __, reviewPictures: ___, ...part } = whole ?? {};
          const given = WITH_BLOBS.has(path[1]!) ? whole : part;
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
