import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { modules } from '../modules.js';
import { createSchema } from '../schema.js';
import { type Statement, StatementCounter } from '../testing/counted-statements.js';
import { imagesOf } from '../testing/image-fixtures.js';
import { confusionOf, datasetInput } from '../testing/results-fixtures.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { isListOf } from './charge-lists.js';

/** A list must take as many statements for many items as for a few, whatever is read of each item. */

const server = testServer({ authRequired: true });
const schema = createSchema(modules);

/** Values of arguments that need one, by name. */
const ARGUMENTS: Record<string, string> = {
  runIds: '$runIds',
  class: '"disc"',
  image: '"i"',
  'pivot.rows': '["method"]',
  'runGroups.by': '["number"]',
  'runGroups.values': '["miou", "last(\\"loss\\")"]',
  fields: '["state", "author", "network.width", "iou(disc)", "mean10(\\"loss\\")", "alarm"]',
};

type Field = GraphQLField<unknown, unknown>;

/** A type, and where the operations find it. */
interface Place {
  type: GraphQLObjectType;
  path: Field[];
}

/** Every type of object that the lists of Query lead to, at its shortest path. */
function placesOf(query: GraphQLObjectType): Place[] {
  const lists = Object.values(query.getFields()).filter(isList);
  const found = new Map<string, Place>();
  let next = lists.map((field) => [field]);
  while (next.length > 0) {
    const paths = next;
    next = [];
    for (const path of paths) {
      const type = getNamedType(path.at(-1)!.type);
      if (!isObjectType(type) || found.has(type.name)) continue;
      found.set(type.name, { type, path });
      for (const field of Object.values(type.getFields())) next.push([...path, field]);
    }
  }
  return [...found.values()];
}

/** A list, or a page of one. */
function isList(field: Field): boolean {
  const type = getNamedType(field.type);
  return isListOf(field.type) || (isObjectType(type) && 'edges' in type.getFields());
}

function selection(field: Field, inner: string): string {
  const given = field.args.flatMap(({ name, type, defaultValue }) => {
    const value = ARGUMENTS[`${field.name}.${name}`] ?? ARGUMENTS[name];
    if (value !== undefined) return [`${name}: ${value}`];
    const named = getNamedType(type);
    if (!isNonNullType(type) || defaultValue !== undefined) return [];
    if (isEnumType(named)) return [`${name}: ${named.getValues()[0]!.name}`];
    throw new Error(`give ${field.name}(${name}:) a value in ARGUMENTS`);
  });
  return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${inner}`;
}

/** Asks for all fields of a type, below its path. */
function documentOf({ type, path }: Place): string {
  const own = Object.values(type.getFields()).map((field) =>
    selection(field, isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''),
  );
  const body = path.reduceRight((inner, field) => selection(field, `{ ${inner} }`), own.join(' '));
  return body.includes('$runIds') ? `query ($runIds: [ID!]!) { ${body} }` : `{ ${body} }`;
}

/** Adds a study, two runs with results of every kind, one that waits, a runner, a dataset, an account and tokens. */
async function grow(name: string): Promise<void> {
  const runner = await server.registerRunner({ name, slots: 4, datasets: [datasetInput({ name })] });
  const base = { dataset: name, split: { labelledRatio: 0.125 } };
  const matrix = { methods: [{ name: 'cps' }], seeds: [1, 2] };
  const create = 'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }';
  await server.ask(create, { input: { name, base, matrix } }, USER_TOKEN);
  const images = imagesOf({ one: confusionOf(8, 1), two: confusionOf(5, 1) });
  const ones = [1, 1, 1];
  for (let turn = 0; turn < 2; turn++) {
    const attempt = (await runner.claim())!;
    const sha256 = await runner.upload(Buffer.from(name));
    const confusion = confusionOf(8, 1).map((pixels, cell) => pixels + confusionOf(5, 1)[cell]!);
    const evaluations = ['VAL', 'TEST'].flatMap((subset) =>
      [10, 20].map((step) => ({ step, subset, network: 'BRANCH1', confusion, images })),
    );
    await runner.report(attempt, {
      ...{ sequence: 1, step: 20, phase: 'TRAINING', evaluations },
      setup: { engine: 'e', device: 'd', splitHash: name, labelledImages: 8, unlabelledImages: 56, parameters: 9 },
      points: turn === 0 ? ['loss', 'lr'].map((series) => ({ series, steps: [1, 2], values: [1, 2] })) : [],
      pseudoLabels: [
        {
          ...{ step: 10, network: 'BRANCH1', labelledPixels: ones, pseudoPixels: ones, undecidedPixels: 0 },
          confusion: [...ones, ...ones, ...ones],
        },
      ],
      classCounts: [{ step: 10, labelledPixels: ones, labelledImages: ones, crops: 1, cropsWithClass: ones }],
      alarms: [{ step: 10, kind: 'DROP', message: 'm', network: 'BRANCH1' }],
      samples: ['INPUT', 'GROUND_TRUTH', 'BRANCH1'].map((kind) => ({
        ...{ step: 10, imageId: 'i', width: 1, height: 1, kind, sha256 },
      })),
      imageReviews: [
        {
          ...{ step: 10, imageId: 'i', width: 1, height: 1, disagreement: 0, entropy: 0, confidence: 1 },
          ...{ predicted: ones, expected: ones, uncertain: ones, disputed: ones, hash: '0123456789abcdef' },
        },
      ],
      labelReviews: [
        {
          ...{ step: 10, imageId: 'i', width: 1, height: 1 },
          doubts: [
            {
              ...{ classIndex: 0, takenFor: 1, pixels: 1, left: 0, top: 0, right: 1, bottom: 1 },
              ...{ labelProbability: 0.1, otherProbability: 0.8 },
            },
          ],
        },
      ],
      reviewPictures: [{ step: 10, imageId: 'i', kind: 'INPUT', width: 1, height: 1, sha256 }],
      log: [{ at: '2026-11-24T01:00:00.000Z', level: 'INFO', message: 'm' }],
    });
    if (turn === 0) await runner.finish(attempt, 'FAILED', 'm');
  }
  await server.createRun({}, base);
  const account = await server.ask(
    'mutation ($name: String!) { createAccount(name: $name, role: MEMBER) { id } }',
    { name },
    USER_TOKEN,
  );
  await server.ask(
    'mutation ($accountId: ID!) { createToken(accountId: $accountId, label: "l") { id } }',
    { accountId: account.createAccount.id },
    USER_TOKEN,
  );
}

/** Points that wait are read by other statements. Those of runs that have ended are rolled up soon. */
async function rolledUp(): Promise<void> {
  for (;;) {
    const waiting = await server.database.dataSource.query('SELECT FROM run_points WHERE waiting > 0');
    if (waiting.length === 0) return;
    await server.database.dataSource.query('SELECT pg_sleep(0.1)');
  }
}

const places = placesOf(schema.getQueryType()!);

/** What lies beyond a cursor is read only if a list is given one. */
const BEYOND = `query ($cursor: String!) { studies { edges { node { name
  later: runs(first: 1, after: $cursor) { pageInfo { hasNextPage hasPreviousPage } }
  earlier: runs(last: 1, before: $cursor) { pageInfo { hasNextPage hasPreviousPage } }
} } } }`;
const shortened = (statements: Statement[]) => statements.map(({ query }) => query.slice(0, 80)).sort();

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}
let studyPages: { name: string; later: { pageInfo: PageInfo }; earlier: { pageInfo: PageInfo } }[] = [];
const counts = { few: new Map<string, string[]>(), many: new Map<string, string[]>() };

beforeAll(async () => {
  const counter = new StatementCounter(schema, server.database);
  const count = async (into: Map<string, string[]>) => {
    await rolledUp();
    const rows = await server.database.dataSource.query<{ id: string }[]>('SELECT id FROM runs');
    const runIds = rows.map(({ id }) => id);
    for (const place of places) {
      const { statements } = await counter.of(documentOf(place), { runIds });
      into.set(place.type.name, shortened(statements));
    }
    const list = await server.ask('{ runs(last: 2) { edges { cursor } } }', {}, USER_TOKEN);
    const { statements, data } = await counter.of(BEYOND, { cursor: list.runs.edges[0].cursor });
    into.set('beyond', shortened(statements));
    const { studies } = data as { studies: { edges: { node: (typeof studyPages)[number] }[] } };
    studyPages = studies.edges.map(({ node }) => node);
  };
  await grow('a');
  await grow('b');
  await count(counts.few);
  for (const name of ['c', 'd', 'e']) await grow(name);
  await count(counts.many);
});

describe('the number of statements does not grow with the list', () => {
  it.each(places.map((place) => [place.type.name, documentOf(place)] as const))(
    'for every field of %s',
    (name, document) => {
      expect(counts.few.get(name), document).not.toHaveLength(0);
      expect(counts.many.get(name), document).toEqual(counts.few.get(name));
    },
  );

  it('for items beyond the cursors of the lists of studies', () => {
    expect(counts.many.get('beyond')).toEqual(counts.few.get('beyond'));
    const beyond = studyPages.map(({ name, later, earlier }) => [name, later.pageInfo, earlier.pageInfo]);
    // The cursor is that of a run of the oldest study. Runs of the others are all newer.
    const other = (name: string) => [
      name,
      { hasPreviousPage: true, hasNextPage: false },
      { hasPreviousPage: true, hasNextPage: false },
    ];
    expect(beyond.slice(0, 4)).toEqual(['e', 'd', 'c', 'b'].map(other));
    expect(beyond[4]).toEqual([
      'a',
      { hasPreviousPage: true, hasNextPage: false },
      { hasPreviousPage: false, hasNextPage: true },
    ]);
  });

  it('for every type of object that lists lead to', () => {
    expect(places.length).toBeGreaterThan(40);
    expect(places.map(({ type }) => type.name)).toEqual(
      expect.arrayContaining([
        'Run',
        'Study',
        'StudyRow',
        'Evaluation',
        'EvaluationImage',
        'RunGroup',
        'AuditEntry',
        'Token',
      ]),
    );
  });
});
