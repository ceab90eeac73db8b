import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testServer } from '../testing/test-server.js';

const server = testServer();

const nest = (depth: number): string =>
  depth === 0 ? 'id' : `study { runs(first: 1) { edges { node { ${nest(depth - 1)} } } } }`;

const OFFENCES: [string, string, RegExp][] = [
  ['too deep', `{ run(id: "x") { ${nest(4)} } }`, /depth is 18; at most 15/],
  [
    'too costly',
    '{ runs(first: 100) { edges { node { study { runs(first: 100) { edges { node { id name state method } } } } } } } }',
    /cost is \d+; at most/,
  ],
  [
    'too many aliases',
    `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: server { version }`).join(' ')} }`,
    /aliases is 51; at most 50/,
  ],
];

describe('an operation', () => {
  it.each(OFFENCES)('that is %s is rejected, with the limit', async (_, query, message) => {
    const { data, errors } = await server.send(query);
    expect(data).toBeUndefined();
    expect(errors![0]!.message).toMatch(message);
  });

  it.each(OFFENCES)('that is %s is rejected over WebSocket too', async (_, query, message) => {
    const answer = await server
      .subscribe(query)
      .next()
      .catch((errors: unknown) => errors);
    expect(JSON.stringify(answer)).toMatch(message);
  });

  it('cannot hide anything from the limits in fragments, and a fragment that contains itself does no harm', async () => {
    const hidden = `{ run(id: "x") { ...F } } fragment F on Run { ${nest(4)} }`;
    expect((await server.send(hidden)).errors![0]!.message).toMatch(/depth is 18/);
    const endless = '{ run(id: "x") { ...F } } fragment F on Run { id study { runs { edges { node { ...F } } } } }';
    expect((await server.send(endless)).errors![0]!.message).toMatch(/Cannot spread fragment/);
  });

  it('is measured quickly, no matter how often its fragments spread each other', async () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Run { ...F${i + 1} ...F${i + 1} }`);
    const wide = `{ run(id: "x") { ...F0 } } ${fragments.join(' ')} fragment F40 on Run { id }`;
    const { errors } = await server.send(wide);
    // Following all 2 ** 40 spreads would never end.
    expect(errors![0]!.message).toMatch(new RegExp(`cost is ${1 + 2 ** 40}; at most`));
  });

  it('is charged for a fragment each time it is spread, including within lists', async () => {
    const within = (spreads: string) =>
      `{ run(id: "x") { ${spreads} } } fragment F on Run { attempts { fence state } }`;
    const list = 'study { runs(first: 100) { edges { node { ...F } } } }';
    const lists = Array.from({ length: 24 }, (_, i) => `a${i}: ${list}`).join(' ');
    // A list of F costs: study, runs, and a hundred times (edges, node and F's 1 + 10 x 2).
    const cost = 1 + 21 + 24 * (2 + 100 * 23);
    expect((await server.send(within(`...F ${lists}`))).errors![0]!.message).toContain(`cost is ${cost}; at most`);
  });

  it('as large as a page of the dashboard needs is accepted', async () => {
    const page = `{ runs(first: 100) { totalCount edges { node { id name state step iterations study { name }
      runner { name } attempts { fence state } evaluation { meanIou classIous { name color iou } } } } } }`;
    expect((await server.send(page)).errors).toBeUndefined();
  });

  it('is charged for all evaluations of many runs, and for their confusion matrices', async () => {
    const evaluations = (fields: string) =>
      server.send(`{ runs(first: 100) { edges { node { evaluations { ${fields} } } } } }`);
    expect((await evaluations('step meanIou')).errors).toBeUndefined();
    // runs and, a hundred times, edges, node, evaluations and a hundred matrices of 441 numbers.
    const cost = 1 + 100 * (3 + 100 * (1 + 441 / 20));
    expect((await evaluations('confusion')).errors![0]!.message).toContain(`cost is ${Math.ceil(cost)}; at most`);
    const ofOne = '{ run(number: 1) { evaluations { step confusion classIous { iou } } } }';
    expect((await server.send(ofOne)).errors).toBeUndefined();
  });

  const points = (maxPoints: unknown, first: number, names?: string[]) => {
    const query = `query ($first: Int!, $maxPoints: Int = 10, $names: [String!]) { runs(first: $first) { edges { node {
      metrics(maxPoints: $maxPoints, names: $names) { steps } } } } }`;
    return server.send(query, { first, maxPoints, names });
  };

  it('is charged for the points that it asks for, in the values of its variables', async () => {
    // A hundred runs x 30 series x (500 for 10,000 points + the list of steps), metrics, edges and node.
    const { errors } = await points(10_000, 100);
    expect(errors![0]!).toMatchObject({
      message: `the operation's cost is ${1 + 100 * (3 + 30 * (500 + 2))}; at most 50000 is allowed`,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect((await points(10_000, 1)).errors).toBeUndefined();
    expect((await points(100, 25, ['loss'])).errors).toBeUndefined();
    expect((await points(2000, 100, ['a', 'b', 'c', 'd', 'e'])).errors![0]!.message).toContain('cost is');
    // The default of the variable is ten points.
    expect((await points(undefined, 25)).errors).toBeUndefined();
  });

  it('is charged for the points that are read, however few it asks for', async () => {
    // A hundred runs x 30 series x (25 for 500 points + the list of steps), metrics, edges and node.
    const { errors } = await points(1, 100);
    expect(errors![0]!.message).toContain(`cost is ${1 + 100 * (3 + 30 * (25 + 2))}; at most`);
  });

  it('is charged for the runs that the table of a study is computed from', async () => {
    const tables = (first: number) =>
      server.send(`{ studies(first: ${first}) { edges { node { table { subset rows { n } } } } } }`);
    // studies and, a hundred times, edges, node, the table, its subset, and rows with one field each.
    const cost = 1 + 100 * (2 + 1 + 500 + 1 + 1 + 20);
    expect((await tables(100)).errors![0]!.message).toContain(`cost is ${cost}; at most`);
    expect((await tables(25)).errors).toBeUndefined();
  });

  it('is charged for the lines of a log and for the runs that it compares', async () => {
    const log = '{ runs(first: 20) { edges { node { log(last: 5000) { message } } } } }';
    expect((await server.send(log)).errors![0]!.message).toContain(`cost is ${1 + 20 * (2 + 1 + 5000)}; at most`);
    const compare = `query ($ids: [ID!]!) { compareClassIous(runIds: $ids) { run { metrics(maxPoints: 1000) { name } } } }`;
    const { errors } = await server.send(compare, { ids: new Array(50).fill('x') });
    expect(errors![0]!.message).toContain(`cost is ${1 + 50 * (1 + 1 + 30 * (1 + 50))}; at most`);
  });
});

describe('an unexpected error', () => {
  it('is shown only as an id, over HTTP and over WebSocket', async () => {
    const runner = await server.registerRunner();
    await server.database.dataSource.query('ALTER TABLE runs RENAME TO elsewhere');
    try {
      const { errors } = await server.send('{ runs { totalCount } }');
      expect(errors![0]!.extensions.code).toBe('INTERNAL_SERVER_ERROR');
      expect(errors![0]!.message).toMatch(/under [0-9a-f-]{36}$/);
      expect(JSON.stringify(errors)).not.toContain('relation');
      const subscription = server.subscribe(
        'subscription { runChanged(runId: "00000000-0000-4000-8000-000000000000") { id } }',
      );
      const answer = JSON.stringify(await subscription.next().catch((failure: unknown) => failure));
      expect(answer).toContain('internal server error');
      expect(answer).not.toContain('relation');
    } finally {
      await server.database.dataSource.query('ALTER TABLE elsewhere RENAME TO runs');
    }
    expect(await runner.claim()).toBeNull();
  });
});

describe('a page of another origin', () => {
  const connect = async (origin: string) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin });
    const outcome = await new Promise<string>((resolve) => {
      socket.on('open', () => resolve('open')).on('error', ({ message }) => resolve(message));
    });
    if (socket.readyState !== WebSocket.CLOSED) {
      socket.close();
      await once(socket, 'close');
    }
    return outcome;
  };

  it('cannot open a socket to a server on loopback', async () => {
    expect(await connect('https://evil.example')).toContain('403');
    expect(await connect(server.url)).toBe('open');
  });

  it('cannot send a mutation with a form', async () => {
    const body = new URLSearchParams({ query: 'mutation { createUserToken(label: "x") { token } }' });
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body });
    expect(response.status).toBe(400);
  });
});
