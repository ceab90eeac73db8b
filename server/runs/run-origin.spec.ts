import { beforeAll, expect, it } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const sql = (text: string) => server.database.dataSource.query(text);

beforeAll(async () => {
  await server.registerRunner({ datasets: [datasetInput()] });
  for (const name of ['imported', 'logged', 'trained']) await server.createRun({ name });
  // Nothing makes such runs yet.
  await sql(`UPDATE runs SET origin = upper(name), state = 'COMPLETED' WHERE name <> 'trained'`);
});

it('a queued run will be trained', async () => {
  const { runs } = await server.ask('{ runs(query: "state = queued", first: 9) { edges { node { name origin } } } }');
  expect(runs.edges).toEqual([{ node: { name: 'trained', origin: 'TRAINED' } }]);
});

it('runs are sorted by their origin, and it is a column', async () => {
  const page = '{ runs(sort: "origin desc", first: 9) { edges { node { name values(fields: ["Origin"]) } } } }';
  const { runs } = await server.ask(page);
  expect(
    runs.edges.map(({ node }: { node: { name: string; values: string[] } }) => [node.name, ...node.values]),
  ).toEqual([
    ['trained', 'TRAINED'],
    ['logged', 'LOGGED'],
    ['imported', 'IMPORTED'],
  ]);
});

it('runs are grouped by their origin', async () => {
  const { runGroups } = await server.ask('{ runGroups(by: ["origin"], first: 9) { edges { node { key count } } } }');
  expect(runGroups.edges.map(({ node }: { node: object }) => node)).toEqual([
    { key: ['IMPORTED'], count: 1 },
    { key: ['LOGGED'], count: 1 },
    { key: ['TRAINED'], count: 1 },
  ]);
});

it('only runs that will be trained can wait in the queue', async () => {
  await expect(sql(`UPDATE runs SET state = 'QUEUED' WHERE name = 'logged'`)).rejects.toThrow('runs_queued_check');
  await expect(sql(`UPDATE runs SET origin = 'COPIED' WHERE name = 'imported'`)).rejects.toThrow('runs_origin_check');
});
