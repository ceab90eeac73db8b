import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, pivotStudies } from '../testing/pivot-studies.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { create, runsOf, finish, pivot } = pivotStudies(server);
let study: string;

const MATRIX = {
  methods: [{ name: 'supervised' }, { name: 'cps' }],
  variants: [
    { name: 'sampling', config: { balance: { sampling: {} } } },
    { name: 'quota', methods: ['cps'], config: { balance: { thresholds: { name: 'quota' } } } },
    { of: ['sampling', 'quota'] },
  ],
  seeds: [0, 1],
};
const LABELS = [
  'Supervised',
  'Supervised + sampling',
  'CPS',
  'CPS + sampling',
  'CPS + quota',
  'CPS + sampling + quota',
];

const namesOf = async (): Promise<string[]> => {
  const query = 'query ($id: ID!) { study(id: $id) { runs(first: 100, sort: "number") { edges { node { name } } } } }';
  const { runs } = (await server.ask(query, { id: study })).study;
  return runs.edges.map(({ node }: Answer) => node.name);
};
const rowsOf = async (): Promise<Answer[]> => {
  const query = `query ($id: ID!) { study(id: $id) { table {
    rows { method variant methodLabel settingsLabel n meanIou { mean } runs { seed } } } } }`;
  return (await server.ask(query, { id: study })).study.table.rows;
};

beforeAll(async () => {
  await server.registerRunner();
  study = await create('remedies', MATRIX, { split: { labelledRatio: 0.5 }, training: { iterations: 500 } });
  for (const { id, number, seed } of await runsOf(study)) await finish(id, 0.5 + 0.01 * (number % 6) + 0.001 * seed);
});

describe('a study with variants', () => {
  it('trains its base, and each variant with the methods that it is for', async () => {
    expect(await namesOf()).toEqual(
      [0, 1].flatMap((seed) => LABELS_OF_MATRIX.map((label) => `${label}, 1/2, seed ${seed}`)),
    );
  });

  it('has a row for each in its table, behind the base of the method', async () => {
    const rows = await rowsOf();
    expect(rows.map(({ methodLabel }) => methodLabel)).toEqual(LABELS);
    expect(rows.map(({ variant }) => variant)).toEqual([
      ...[null, 'sampling'],
      ...[null, 'sampling', 'quota', 'sampling + quota'],
    ]);
    // What a variant changes is in its name.
    for (const row of rows) expect(row).toMatchObject({ settingsLabel: '', n: 2, runs: [{ seed: 0 }, { seed: 1 }] });
  });

  it('makes rows and columns of pivots of them', async () => {
    const table = await pivot(study, 'rows: ["method", "variant"]');
    expect(table.rows.map(({ labels }: Answer) => labels.join(' / '))).toEqual([
      ...['Supervised / none', 'Supervised / sampling'],
      ...['CPS / none', 'CPS / sampling', 'CPS / quota', 'CPS / sampling + quota'],
    ]);
    // Neither the table nor a cell mixes settings.
    expect(table.warnings).toEqual([]);
    expect(table.rows.flatMap(({ cells }: Answer) => cells[0].warnings)).toEqual([]);
    const columns = await pivot(study, 'rows: ["method"], columns: ["variant"]', 'render(format: TEXT, details: [])');
    expect(columns.render.split('\n')[0]).toMatch(/: method +none +sampling +quota +sampling \+ quota$/);
    const { errors } = await server.send('{ runsPivot(rows: ["variant"]) { title } }');
    expect(errors![0]!.message).toContain('"variant" is unknown');
  });

  it('queues what is missing under the same names, also after an extension', async () => {
    const before = await namesOf();
    await server.database.dataSource.query(`DELETE FROM runs WHERE name LIKE 'CPS + sampling + quota%seed 1'`);
    const table = await pivot(study, 'rows: ["variant"]');
    expect(table.rows.at(-1).cells[0]).toMatchObject({ missing: ['CPS + sampling + quota, 1/2, seed 1'] });
    const missing = 'mutation ($id: ID!) { queueMissingRuns(studyId: $id) { missing } }';
    expect((await server.ask(missing, { id: study })).queueMissingRuns.missing).toEqual([
      'CPS + sampling + quota, 1/2, seed 1',
    ]);
    const extend = 'mutation ($id: ID!, $matrix: JSONObject!) { extendStudy(id: $id, matrix: $matrix) { missing } }';
    const more = {
      name: 'weights',
      methods: ['supervised'],
      config: { balance: { weights: { name: 'inverse_log' } } },
    };
    const { extendStudy } = await server.ask(extend, { id: study, matrix: { variants: [MATRIX.variants[0], more] } });
    expect(extendStudy.missing).toEqual([0, 1].map((seed) => `Supervised + weights, 1/2, seed ${seed}`));
    expect(new Set(await namesOf())).toEqual(new Set([...before, ...extendStudy.missing]));
    // A run whose labels are not drawn yet has a row of its own.
    const labels = new Set((await rowsOf()).map(({ methodLabel }) => methodLabel));
    expect([...labels]).toEqual(LABELS.toSpliced(2, 0, 'Supervised + weights'));
    expect((await server.ask(missing, { id: study })).queueMissingRuns.missing).toEqual([]);
  });

  it('names another run of the study by its settings', async () => {
    await server.createRun(
      { name: 'longer', studyId: study },
      { split: { labelledRatio: 0.5 }, training: { iterations: 900 } },
    );
    const row = (await rowsOf()).find(({ settingsLabel }) => settingsLabel.includes('900'));
    expect(row).toMatchObject({ methodLabel: 'CPS', variant: null, settingsLabel: 'training.iterations 900' });
  });
});

/** Variants vary more slowly than methods. */
const LABELS_OF_MATRIX = [
  ...['Supervised', 'CPS', 'Supervised + sampling', 'CPS + sampling'],
  ...['CPS + quota', 'CPS + sampling + quota'],
];
