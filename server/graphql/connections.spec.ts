import { beforeAll, describe, expect, it } from 'vitest';
import { draws } from '../testing/draws.js';
import { type GraphQLAnswer, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const draw = draws(16);
const below = (most: number) => Math.floor(draw() * most);

interface Args {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

interface Edge {
  cursor: string;
  node: { id: string };
}

/** A connection of the API, and what adds an item to it, anywhere in the list. */
interface List {
  /** The root field and the fields on the way. */
  document: (selection: string) => string;
  of: (data: GraphQLAnswer['data']) => { edges: Edge[]; pageInfo: Record<string, unknown>; totalCount: number };
  add: () => Promise<unknown>;
}

const ARGUMENTS = '$first: Int, $last: Int, $after: String, $before: String';
const PAGE = 'first: $first, last: $last, after: $after, before: $before';
const SELECTION =
  '{ totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';

const rootList = (field: string, more: string, add: () => Promise<unknown>): List => ({
  document: (selection) => `query (${ARGUMENTS}) { ${field}(${PAGE}${more}) ${selection} }`,
  of: (data) => data[field],
  add,
});

const addRun = () => server.createRun({ name: `run ${below(5)}`, priority: below(3) - 1 });
const addStudy = () =>
  server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name: 's',
        base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
        matrix: { methods: [{ name: 'cps' }] },
      },
    },
    USER_TOKEN,
  );
const addToken = () => server.ask('mutation { createToken(label: "t") { id } }', {}, USER_TOKEN);

let studyId: string;
const runsBy = (field: string, direction: string) =>
  rootList('runs', `, orderBy: { field: ${field}, direction: ${direction} }`, addRun);
const LISTS: [string, List][] = [
  ...['CREATED_AT', 'FINISHED_AT', 'NAME', 'PRIORITY', 'MEAN_IOU'].flatMap((field) =>
    ['ASC', 'DESC'].map((direction): [string, List] => [`runs by ${field} ${direction}`, runsBy(field, direction)]),
  ),
  ['runs that a filter finds', rootList('runs', ', query: "priority >= 0"', addRun)],
  ['studies', rootList('studies', '', addStudy)],
  ['tokens', rootList('tokens', ', ended: true', addToken)],
  ['the audit log', rootList('auditLog', '', addToken)],
  [
    'the runs of a study',
    {
      document: (selection) =>
        `query (${ARGUMENTS}) { study(id: "${studyId}") { runs(${PAGE}, orderBy: { field: NAME, direction: ASC }) ${selection} } }`,
      of: (data) => data.study.runs,
      add: () => server.createRun({ studyId, name: `run ${below(5)}` }),
    },
  ],
];

const read = async (list: List, args: Args) => list.of(await server.ask(list.document(SELECTION), args, USER_TOKEN));

/** The plain list: most lists have only one page of this size. */
async function readAll(list: List): Promise<Edge[]> {
  const { edges, pageInfo } = await read(list, { first: 100 });
  if (!pageInfo.hasNextPage) return edges;
  const { edges: more } = await read(list, { first: 100, after: pageInfo.endCursor as string });
  return [...edges, ...more];
}

/** The edges that the Relay specification wants: https://relay.dev/graphql/connections.htm#sec-Pagination-algorithm */
function expectedOf(all: Edge[], { first, last, after, before }: Args) {
  const placeOf = (cursor: string) => all.findIndex((edge) => edge.cursor === cursor);
  const from = after ? placeOf(after) + 1 : 0;
  const to = before ? placeOf(before) : all.length;
  const between = all.slice(from, Math.max(from, to));
  const size = first ?? last ?? 25;
  const edges = last ? between.slice(-size) : between.slice(0, size);
  const start = edges.length > 0 ? placeOf(edges[0]!.cursor) : from;
  const end = edges.length > 0 ? placeOf(edges.at(-1)!.cursor) + 1 : to;
  return {
    edges,
    totalCount: all.length,
    pageInfo: {
      hasPreviousPage: start > 0,
      hasNextPage: end < all.length,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

beforeAll(async () => {
  const runner = await server.registerRunner({ slots: 8 });
  await server.setSlotLimit(runner, 8);
  ({
    createStudy: { id: studyId },
  } = (await addStudy()) as { createStudy: { id: string } });
  for (let i = 0; i < 12; i++) await addRun();
  for (let i = 0; i < 4; i++) {
    const attempt = (await runner.claim())!;
    const confusion = [4 + (i % 2), 4, 0, 0, 8, 0, 0, 0, 0];
    const evaluations = [{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion }];
    await runner.report(attempt, { sequence: 1, step: 1, evaluations });
    if (i < 2) await runner.finish(attempt, 'FAILED', 'as asked');
  }
  for (let i = 0; i < 9; i++) await Promise.all([addStudy(), addToken()]);
  for (let i = 0; i < 6; i++) await server.createRun({ studyId, name: `run ${i % 3}` });
});

describe.each(LISTS)('%s', (_, list) => {
  it('has the pages of the Relay specification, and says whether others precede and follow them', async () => {
    const all = await readAll(list);
    expect(all.length).toBeGreaterThan(6);
    const cursor = () => (draw() < 0.4 ? null : all[below(all.length)]!.cursor);
    for (let i = 0; i < 12; i++) {
      const size = 1 + below(Math.min(100, all.length + 1));
      const args: Args = { ...(draw() < 0.5 ? { first: size } : { last: size }), after: cursor(), before: cursor() };
      // If the two cursors cross, there is nothing between them, and both sides have items.
      const places = [args.after, args.before].map((each) => all.findIndex((edge) => edge.cursor === each));
      const cross = args.after && args.before && places[0]! >= places[1]!;
      const expected = expectedOf(all, args);
      if (cross) Object.assign(expected.pageInfo, { hasPreviousPage: true, hasNextPage: true });
      expect(await read(list, args), JSON.stringify(args)).toEqual(expected);
    }
  });

  it.each(['forwards', 'backwards'])('has every item once, in order, while others are added: %s', async (way) => {
    const before = (await readAll(list)).map(({ node }) => node.id);
    const found: string[] = [];
    let added = 0;
    let cursor: string | null = null;
    for (;;) {
      const size = 3 + below(6);
      const page: Awaited<ReturnType<typeof read>> = await read(
        list,
        way === 'forwards' ? { first: size, after: cursor } : { last: size, before: cursor },
      );
      const ids = page.edges.map(({ node }) => node.id);
      if (way === 'forwards') found.push(...ids);
      else found.unshift(...ids);
      cursor = page.pageInfo[way === 'forwards' ? 'endCursor' : 'startCursor'] as string | null;
      if (!page.pageInfo[way === 'forwards' ? 'hasNextPage' : 'hasPreviousPage']) break;
      if (added < 3 && draw() < 0.5) {
        added++;
        await list.add();
      }
    }
    expect(found.filter((id) => before.includes(id))).toEqual(before);
  });

  it.each<[Args, RegExp]>([
    [{ first: 1, last: 1 }, /give either first or last, not both; got first: 1, last: 1/],
    [{ last: 0 }, /last must be between 1 and 100; got 0\. Use "before"/],
    [{ first: 101 }, /first must be between 1 and 100; got 101\. Use "after"/],
    [{ before: 'x' }, /before: "x" is not a cursor of this list in this order/],
  ])('refuses %j', async (args, message) => {
    const { errors } = await server.send(list.document(SELECTION), args, USER_TOKEN);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toMatch(message);
  });
});

it('a cursor stays valid when its item is deleted', async () => {
  const list = runsBy('NAME', 'ASC');
  const all = (await read(list, { first: 100 })).edges;
  const id = await server.createRun({ name: 'run 2' });
  const { edges } = await read(list, { first: 100 });
  const place = edges.findIndex(({ node }) => node.id === id);
  await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, USER_TOKEN);
  const { cursor } = edges[place]!;
  const [following, preceding] = [
    await read(list, { first: 1, after: cursor }),
    await read(list, { last: 1, before: cursor }),
  ];
  expect(following.edges[0]).toEqual(all[place]);
  expect(following.pageInfo.hasPreviousPage).toBe(true);
  expect(preceding.edges[0]).toEqual(all[place - 1]);
  expect(preceding.pageInfo.hasNextPage).toBe(true);
});
