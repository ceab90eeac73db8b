import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../datasets/dataset.entity.js';
import { type Answer, BY_RATIO, CPS, pivotStudies, SUPERVISED } from '../testing/pivot-studies.js';
import { requestQueriesOf } from '../testing/queries.js';
import { insertRun } from '../testing/results-fixtures.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;
const { create, runsOf, finish, twoRatios, pivot } = pivotStudies(server);
let study: string;

beforeAll(async () => {
  await server.registerRunner();
  study = await twoRatios();
});

describe('a table', () => {
  it('has rows and columns from fields, and means over seeds with interval, extremes and runs', async () => {
    const table = await pivot(study, BY_RATIO);
    expect(table).toMatchObject({
      title: 'mIoU on val, network 1, newest evaluation',
      ...{ value: 'miou', isShare: true, rowFields: ['method'], columnFields: ['split.labelledRatio'], runCount: 11 },
      ...{ missing: [], warnings: [], source: null },
      columns: [
        { labels: ['1/8'], key: { 'split.labelledRatio': 0.125 } },
        { labels: ['1/4'], key: { 'split.labelledRatio': 0.25 } },
      ],
    });
    expect(table.rows.map(({ labels, key }: Answer) => [labels, key])).toEqual([
      [['Supervised'], { method: 'supervised' }],
      [['CPS'], { method: 'cps' }],
    ]);
    const cell = table.rows[1].cells[0];
    expect(cell).toMatchObject({
      n: 3,
      min: 0.65,
      max: 0.68,
      completed: true,
      averages: '3 seeds',
      seeds: 3,
      draws: 1,
    });
    expect(cell).toMatchObject({ lacking: '', missing: [], warnings: [], published: null, publishedGap: null });
    expect(cell.runNumbers).toHaveLength(3);
    expect(cell.mean).toBeCloseTo(0.6616666666666667, 12);
    expect(cell.std).toBeCloseTo(0.016072751268321604, 12);
    expect(cell.interval.low).toBeCloseTo(0.6217397391094461, 10);
    expect(cell.interval.high).toBeCloseTo(0.7015935942238873, 10);
  });

  it('compares by pairs of equal labels and seed, and says why it cannot', async () => {
    const { rows } = await pivot(study, BY_RATIO);
    // SciPy: ttest_rel.
    expect(rows[1].cells[0].gain).toEqual({
      ...{ test: 'PAIRED_T', pairs: 3, baselineN: 3, reason: null, differing: [], degreesOfFreedom: 2 },
      difference: expect.closeTo(0.051666666666666715, 12),
      t: expect.closeTo(11.716898663286043, 8),
      p: expect.closeTo(0.007205446408459772, 10),
      interval: { low: expect.closeTo(0.0326937514986829, 10), high: expect.closeTo(0.07063958183465052, 10) },
    });
    expect(rows[1].cells[1].gain).toMatchObject({
      ...{ test: null, p: null, pairs: 0, baselineN: 2, difference: expect.closeTo(0.015, 12) },
      reason: "only one seed matches, and Welch's t test needs at least 2 runs on each side; there are 1 and 2",
    });
    expect(rows[0].cells[0].gain).toMatchObject({ difference: null, reason: 'these runs are the baseline' });
  });

  it('names what is missing, failed and queued, which one mutation queues', async () => {
    const cells = async () => (await pivot(study, BY_RATIO)).rows.map((row: Answer) => row.cells[1]);
    const [supervised, cps] = await cells();
    expect(supervised).toMatchObject({ n: 2, lacking: '1 failed', states: { completed: 2, failed: 1, total: 3 } });
    expect(cps).toMatchObject({ n: 1, lacking: '1 queued, 1 missing', missing: ['CPS, 1/4, seed 2'] });
    const queue = (dryRun: boolean) =>
      server.ask(`mutation ($id: ID!) { queueMissingRuns(studyId: $id, dryRun: ${dryRun}) { count } }`, { id: study });
    expect(await queue(true)).toEqual({ queueMissingRuns: { count: 2 } });
    expect(await queue(false)).toEqual({ queueMissingRuns: { count: 2 } });
    expect(await queue(false)).toEqual({ queueMissingRuns: { count: 0 } });
    expect((await cells()).map(({ lacking }: Answer) => lacking)).toEqual(['1 queued', '2 queued']);
  });

  it('takes any field, class and group of settings', async () => {
    const classes = await pivot(study, 'rows: ["config.method", "split"], value: "iou(disc)"');
    expect(classes.title).toBe('IoU of disc on val, network 1, newest evaluation');
    expect(classes.rows.map(({ labels }: Answer) => labels)).toEqual([
      ['Supervised', '1/8'],
      ['Supervised', '1/4'],
      ['CPS', '1/8'],
      ['CPS', '1/4'],
    ]);
    expect(classes.columns).toEqual([{ labels: [], key: {} }]);
    expect(classes.rows[0].cells[0].mean).toBeCloseTo(0.51, 12);
    const states = await pivot(study, 'rows: ["state"], columns: ["seed"], value: "training.iterations"');
    expect(states.rows.map(({ labels }: Answer) => labels)).toEqual([['COMPLETED'], ['QUEUED']]);
    expect(states.columns.map(({ labels }: Answer) => labels)).toEqual([['0'], ['1'], ['2']]);
    const all = await pivot(study, 'rows: []');
    expect(all.rows).toHaveLength(1);
    expect(all.rows[0].cells[0]).toMatchObject({ n: 9, averages: '9 runs: 3 seeds × 2 draws of the labels', draws: 2 });
    expect(all.rows[0].cells[0].warnings.map(({ kind }: Answer) => kind)).toEqual(['DRAWS', 'SETTINGS']);
  });

  it.each([
    ['rows: ["metod"]', 'rows[0]: character 1: "metod" is unknown; did you mean "method"?'],
    ['rows: ["method"], value: "method"', 'value: "method" is not a number, so it has no mean'],
    ['rows: ["method"], value: "iou"', 'value: character 1: "iou" is unknown'],
    ['rows: ["method"], columns: ["iou(dics)"]', 'did you mean "disc"'],
    ['rows: ["a", "b", "c", "d", "e", "f"]', 'rows: at most 5 fields; got 6'],
    ['rows: ["method"], baseline: "no id"', 'baseline: run "no id" is not in the table'],
    ['rows: ["method"], value: "accuracy", published: CPS_VOC', 'published: the numbers are mIoU on VAL'],
  ])('%s is refused', async (args, message) => {
    await expect(pivot(study, args)).rejects.toThrow(message);
  });

  it('is read by as many statements for several studies as for one', async () => {
    const other = await create(
      'another study',
      { methods: [SUPERVISED], seeds: [0, 1] },
      { split: { labelledRatio: 0.5 } },
    );
    const ask = (first: number) => () =>
      server.ask(
        `{ studies(first: ${first}) { edges { node { pivot(${BY_RATIO}) { rows { cells { n runs { id } } } } } } } }`,
      );
    await ask(1)();
    const [one, two] = [await requestQueriesOf(ask(1)), await requestQueriesOf(ask(2))];
    expect(two).toHaveLength(one.length);
    expect(two.filter((sql) => sql.includes('pivotRuns'))).toHaveLength(1);
    await server.ask('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: other });
  });
});

describe('published numbers', () => {
  it('are next to those of the same method, backbone and labels, and are rows', async () => {
    const matrix = { methods: [SUPERVISED, CPS], labelledRatios: [0.125, 0.25], seeds: [0, 1] };
    const id = await create('reproduction', matrix, { network: { backbone: 'resnet50' } });
    for (const { id: runId, method, split } of await runsOf(id)) {
      if (split.labelledRatio === 0.125) await finish(runId, method === 'cps' ? 0.72 : 0.7);
    }
    const table = await pivot(id, `${BY_RATIO}, published: CPS_VOC`);
    expect(table.source).toContain('CVPR 2021');
    const [supervised, cps, ...published] = table.rows;
    expect(supervised.cells[0]).toMatchObject({ published: 0.6943, publishedGap: expect.closeTo(0.0057, 10) });
    expect(cps.cells[0]).toMatchObject({ published: 0.732, publishedGap: expect.closeTo(-0.012, 10) });
    expect(cps.cells[1]).toMatchObject({ published: null, publishedGap: null, lacking: '2 queued' });
    expect(published.map(({ labels, isPublished }: Answer) => [labels[0], isPublished])).toEqual(
      ['Supervised', 'Mean Teacher', 'CutMix-Seg', 'CCT', 'GCT', 'CPS', 'CPS + CutMix', 'CPC'].map((name) => [
        `${name} (published)`,
        true,
      ]),
    );
    expect(published[5].cells).toMatchObject([
      { mean: 0.732, n: 0 },
      { mean: 0.7424, n: 0 },
    ]);
    expect(published[0].cells).toMatchObject([{ mean: 0.6943 }, null]);
    const unclear = await pivot(id, 'rows: ["method"], published: CPS_VOC');
    expect(unclear.warnings).toContainEqual({
      kind: 'PUBLISHED',
      message:
        'published numbers have no rows: the runs differ in their split, which neither rows nor columns are made of',
    });
    const nothing = await pivot(
      id,
      'rows: ["method"], columns: ["split.labelledRatio", "training.iterations"], published: CPS_VOC',
    );
    expect(nothing.rows).toHaveLength(10);
  });
});

describe('a table of all studies', () => {
  it('takes a filter', async () => {
    for (const [name, methods] of [
      ['one', [SUPERVISED]],
      ['two', [SUPERVISED, CPS]],
    ] as const) {
      const id = await create(name, { methods, seeds: [0, 1] }, { split: { labelledRatio: 0.5 } });
      for (const run of await runsOf(id)) await finish(run.id, 0.5);
    }
    const { runsPivot } = await server.ask(
      `{ runsPivot(rows: ["study"], columns: ["method"], query: "study = one or study = two") {
           runCount columns { labels } rows { labels cells { n } } } }`,
    );
    expect(runsPivot).toEqual({
      runCount: 6,
      columns: [{ labels: ['Supervised'] }, { labels: ['CPS'] }],
      rows: [
        { labels: ['one'], cells: [{ n: 2 }, null] },
        { labels: ['two'], cells: [{ n: 2 }, { n: 2 }] },
      ],
    });
  });
});

it('a table of too many cells is refused', async () => {
  const dataset = await dataSource.getRepository(Dataset).findOneByOrFail({ name: 'shapes' });
  const { config } = await insertRun(dataSource, dataset);
  await dataSource.query(
    `INSERT INTO runs (name, config, dataset_id, method, backbone, seed, pool, engine, iterations)
     SELECT 'many ' || n, $1, $2, 'cps', 'resnet18', n, 'default', 'any', 1000 FROM generate_series(1, 142) n`,
    [config, dataset.id],
  );
  const ask = (more: string) =>
    server.ask(
      `{ runsPivot(rows: ["name"], columns: ["number"], query: "name startswith \\"many ${more}\\"") { runCount } }`,
    );
  await expect(ask('')).rejects.toThrow(
    'a table may have at most 20000 cells; got 142 rows and 142 columns: choose other fields',
  );
  expect(await ask('1')).toEqual({ runsPivot: { runCount: 54 } });
});
