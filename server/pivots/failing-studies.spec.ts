import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { type Answer, CPS, pivotStudies, SUPERVISED } from '../testing/pivot-studies.js';
import { testServer } from '../testing/test-server.js';

/** Tables of several studies are read together. What is wrong with one study must not affect the others. */
const server = testServer();
const { create, runsOf } = pivotStudies(server);
let ids: string[];

beforeAll(async () => {
  await server.registerRunner();
  ids = [];
  const matrix = { methods: [SUPERVISED, CPS], seeds: [0, 1], labelledRatios: [0.5] };
  for (const name of ['one', 'two']) ids.push(await create(name, matrix));
});

const PIVOT = (args: string) => `pivot(rows: ["method"]${args}) { runCount rows { labels } }`;

/** The studies, by name; null for those whose table is refused. They are loaded together. */
async function studies(args: string) {
  const { data, errors } = await server.send(
    `{ runs(query: "seed = 0 and method = cps and (study = one or study = two)", sort: "number") {
         edges { node { study { ${PIVOT(args)} } } } } }`,
  );
  const [one, two] = data.runs.edges.map(({ node }: Answer) => node.study);
  return { one, two, errors };
}

it('a baseline of one study is refused for the other one only', async () => {
  const [run] = await runsOf(ids[0]!);
  const { one, two, errors } = await studies(`, baseline: "${run!.id}"`);
  expect(one.pivot.runCount).toBe(4);
  expect(two).toBeNull();
  expect(errors!.map(({ message }) => message)).toEqual([`baseline: run "${run!.id}" is not in the table`]);
});

it('a study of too many runs is refused alone', async () => {
  await server.database.dataSource.query(
    `INSERT INTO runs (name, config, dataset_id, study_id, method, backbone, seed, pool, engine, iterations)
     SELECT 'many', config, dataset_id, study_id, method, backbone, n, pool, engine, iterations
     FROM runs, generate_series(1000, 11000) n WHERE id = $1`,
    [(await runsOf(ids[1]!))[0]!.id],
  );
  const { one, two, errors } = await studies('');
  expect(one.pivot.runCount).toBe(4);
  expect(two).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors![0]!.message).toContain('5000');
  await server.database.dataSource.query(`DELETE FROM runs WHERE name = 'many'`);
});

it('a study whose variants cannot be planned any more is refused alone', async () => {
  const { dataSource } = server.database;
  const variants = JSON.stringify([{ name: 'unknown', config: { training: { noSuchSetting: 1 } } }]);
  await dataSource.query(`UPDATE studies SET matrix = jsonb_set(matrix, '{variants}', $2) WHERE id = $1`, [
    ids[1],
    variants,
  ]);
  const { data, errors } = await server.send(
    `{ runs(query: "seed = 0 and method = cps and (study = one or study = two)", sort: "number") {
         edges { node { study { table { rows { n } } } } } } }`,
  );
  const [one, two] = data.runs.edges.map(({ node }: Answer) => node.study);
  expect(one.table.rows).toHaveLength(2);
  expect(two).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors![0]!.message).toContain('noSuchSetting');
  await dataSource.query(`UPDATE studies SET matrix = matrix - 'variants' WHERE id = $1`, [ids[1]]);
});

it('a study that is deleted while its table is read has an empty one', async () => {
  const [run] = await runsOf(ids[0]!);
  const baseline = `, baseline: "${run!.id}"`;
  const { query } = pg.Client.prototype;
  let deleted: Promise<unknown> | null = null;
  // The study has been found, and its runs are about to be read.
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [asked] = parameters as [string | pg.QueryConfig];
    const send = () => Reflect.apply(query, this, parameters);
    if (!(typeof asked === 'string' ? asked : asked.text).includes('pivotRuns')) return send();
    deleted ??= server.ask('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: ids[1] });
    return deleted.then(send);
  } as typeof query;
  try {
    const { data, errors } = await server.send(
      `query ($one: ID!, $two: ID!) { ${['one', 'two'].map((name) => `${name}: study(id: $${name}) { ${PIVOT(baseline)} }`)} }`,
      { one: ids[0], two: ids[1] },
    );
    expect(errors).toBeUndefined();
    expect(data.one.pivot.runCount).toBe(4);
    expect(data.two.pivot).toEqual({ runCount: 0, rows: [] });
  } finally {
    pg.Client.prototype.query = query;
  }
  expect(deleted).not.toBeNull();
});
