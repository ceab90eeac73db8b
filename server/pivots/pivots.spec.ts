import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../datasets/dataset.entity.js';
import { queriesOf } from '../testing/queries.js';
import { insertRun } from '../testing/results-fixtures.js';
import { testServer } from '../testing/test-server.js';
import { trainedRun } from '../testing/trained-run.js';

const server = testServer();
const { dataSource } = server.database;

// biome-ignore lint/suspicious/noExplicitAny: each query selects something else
type Answer = any;

const SUPERVISED = { name: 'supervised' };
const CPS = { name: 'cps' };

async function create(name: string, matrix: object, base: object = {}): Promise<string> {
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input: { name, base: { dataset: 'shapes', ...base }, matrix } },
  );
  return createStudy.id;
}

/** The runs of a study, by number. */
const runsOf = (
  studyId: string,
): Promise<{ id: string; number: number; seed: number; method: string; split: Answer }[]> =>
  dataSource.query(
    `SELECT id, number, seed::int, method, config -> 'split' AS split FROM runs WHERE study_id = $1 ORDER BY number`,
    [studyId],
  );

const finish = (runId: string, score: number | null, how?: Parameters<typeof trainedRun>[3]) =>
  trainedRun(dataSource, runId, score, how);

const CELL = `n mean std min max interval { low high } completed averages seeds draws lacking missing runNumbers published
  publishedGap states { queued completed failed total } warnings { kind message }
  gain { difference test t degreesOfFreedom p pairs baselineN reason differing interval { low high } }`;
const PIVOT = `title value isShare rowFields columnFields runCount missing source warnings { kind message }
  columns { labels key } rows { labels key isPublished cells { ${CELL} } }`;

async function pivot(studyId: string, args: string, fields = PIVOT): Promise<Answer> {
  const { study } = await server.ask(`query ($id: ID!) { study(id: $id) { pivot(${args}) { ${fields} } } }`, {
    id: studyId,
  });
  return study.pivot;
}
const BY_RATIO = 'rows: ["method"], columns: ["split.labelledRatio"]';
const SCORES: Record<string, number> = {
  'supervised 0.125 0': 0.6,
  'supervised 0.125 1': 0.61,
  'supervised 0.125 2': 0.62,
  'cps 0.125 0': 0.65,
  'cps 0.125 1': 0.655,
  'cps 0.125 2': 0.68,
  'supervised 0.25 0': 0.7,
  'supervised 0.25 1': 0.71,
  'cps 0.25 0': 0.72,
};
let study: string;

beforeAll(async () => {
  await server.registerRunner();
  study = await create('a study', { methods: [SUPERVISED, CPS], labelledRatios: [0.125, 0.25], seeds: [0, 1, 2] });
  for (const { id, method, split, seed } of await runsOf(study)) {
    const key = `${method} ${split.labelledRatio} ${seed}`;
    if (key in SCORES) await finish(id, SCORES[key]!);
    else if (key === 'supervised 0.25 2') await finish(id, null, { state: 'FAILED' });
    else if (key === 'cps 0.25 2') await dataSource.query('DELETE FROM runs WHERE id = $1', [id]);
  }
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
    const [one, two] = [await queriesOf(ask(1)), await queriesOf(ask(2))];
    expect(two).toHaveLength(one.length);
    expect(two.filter((sql) => sql.includes('pivotRuns'))).toHaveLength(1);
    await server.ask('mutation ($id: ID!) { deleteStudy(id: $id) }', { id: other });
  });
});

describe('a gain', () => {
  it("is tested by Welch's formula where seeds do not match, and over a run that is chosen", async () => {
    const id = await create(
      'unpaired',
      { methods: [SUPERVISED, CPS], seeds: [0, 1, 2, 5, 6, 7] },
      { split: { labelledRatio: 0.5 } },
    );
    for (const run of await runsOf(id)) {
      const own = run.method === 'supervised' ? [0.6, 0.61, 0.62][run.seed] : [0.65, 0.655, 0.68][run.seed - 5];
      if (own === undefined) await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: run.id });
      else await finish(run.id, own);
    }
    const { rows } = await pivot(id, 'rows: ["method"]');
    // SciPy: ttest_ind(equal_var=False).
    expect(rows[1].cells[0].gain).toMatchObject({
      ...{ test: 'WELCH_T', pairs: 0, baselineN: 3, reason: null },
      degreesOfFreedom: expect.closeTo(3.346606334841629, 8),
      t: expect.closeTo(4.727455680310748, 8),
      p: expect.closeTo(0.013964122676908747, 10),
      interval: { low: expect.closeTo(0.01883718560146737, 10), high: expect.closeTo(0.08449614773186613, 10) },
    });
    const chosen = (await runsOf(id)).find(({ method }) => method === 'cps')!;
    const reversed = await pivot(id, `rows: ["method"], baseline: "${chosen.id}"`);
    expect(reversed.rows[0].cells[0].gain.difference).toBeCloseTo(-0.051666666666666715, 10);
    expect(reversed.rows[1].cells[0].gain.reason).toBe('these runs are the baseline');
  });

  it('is not computed without a baseline, and says in which settings it differs', async () => {
    const base = { split: { labelledRatio: 0.5, seed: 8 } };
    const id = await create('two lengths', { methods: [CPS], seeds: [0, 1] }, base);
    const gain = async () => (await pivot(id, 'rows: ["method"]')).rows.at(-1).cells[0].gain;
    for (const run of await runsOf(id)) await finish(run.id, 0.7 + run.seed / 100);
    expect((await gain()).reason).toBe('there is no completed supervised run with a value on the same labelled images');
    for (const seed of [0, 1]) {
      const config = { ...base, method: SUPERVISED, seed, training: { iterations: 3000 } };
      await finish(await server.createRun({ studyId: id }, config), 0.6 + seed / 50);
    }
    expect(await gain()).toMatchObject({
      pairs: 2,
      differing: ['training.iterations'],
      difference: expect.closeTo(0.095, 10),
    });
    const { warnings } = await pivot(id, 'rows: ["method"]');
    expect(warnings).toEqual([
      { kind: 'SETTINGS', message: 'the runs differ in training.iterations (1000: 2 runs, 3000: 2 runs)' },
    ]);
    for (const seed of [0, 1]) {
      const config = { ...base, method: SUPERVISED, seed, training: { iterations: 2000 } };
      await finish(await server.createRun({ studyId: id }, config), 0.6);
    }
    expect((await gain()).reason).toBe(
      'several baselines are equally near: supervised runs that differ in training.iterations',
    );
  });
});

describe('warnings', () => {
  it('tell draws of the labels from seeds', async () => {
    const splits = [0, 1].map((seed) => ({ labelledRatio: 0.125, seed }));
    const id = await create('draws', { methods: [SUPERVISED], splits, seeds: [0, 1] });
    for (const { id: runId, seed, split } of await runsOf(id)) await finish(runId, 0.5 + seed / 10 + split.seed / 100);
    const [together] = (await pivot(id, BY_RATIO)).rows[0].cells;
    expect(together).toMatchObject({ n: 4, averages: '2 seeds × 2 draws of the labels', seeds: 2, draws: 2 });
    expect(together.warnings).toEqual([
      {
        kind: 'DRAWS',
        message:
          'averages over 2 draws of the labels (split.seed (0, 1)), not over seeds alone: the deviation contains both',
      },
    ]);
    const withCps = async (seed: number) => {
      const split = { labelledRatio: 0.125, seed };
      await finish(await server.createRun({ studyId: id }, { method: CPS, split, seed: 7 }), 0.6);
      return (await pivot(id, BY_RATIO)).warnings;
    };
    expect(await withCps(0)).toEqual([
      {
        kind: 'DRAWS',
        message: 'in each column, the means are not over the same draws of the labels; gains compare equal draws only',
      },
    ]);
    expect(await withCps(1)).toEqual([]);
    const apart = await pivot(id, 'rows: ["method"], columns: ["split"]');
    expect(apart.columns.map(({ labels }: Answer) => labels)).toEqual([['1/8 (seed 0)'], ['1/8 (seed 1)']]);
    expect(apart.rows[0].cells.map(({ averages, warnings }: Answer) => [averages, warnings])).toEqual([
      ['2 seeds', []],
      ['2 seeds', []],
    ]);
  });

  it('say what makes a mean less than it seems', async () => {
    const id = await create(
      'oddities',
      { methods: [SUPERVISED, CPS], seeds: [0, 1] },
      { split: { labelledRatio: 0.5, seed: 3 } },
    );
    const [first, cps, second, other] = await runsOf(id);
    await finish(first!.id, 0.5);
    await finish(second!.id, 0.6);
    await finish(
      await server.createRun({ studyId: id }, { method: SUPERVISED, split: { labelledRatio: 0.5, seed: 3 } }),
      0.7,
    );
    await finish(cps!.id, 0.4, { state: 'RUNNING' });
    await finish(other!.id, 0.9, { state: 'FAILED' });
    await dataSource.query(`UPDATE attempts SET "commit" = 'def5678' WHERE run_id = $1`, [second!.id]);
    await dataSource.query(`UPDATE runs SET setup = setup || '{"engine": "webgpu"}' WHERE id = $1`, [second!.id]);
    const { rows, warnings } = await pivot(id, 'rows: ["method"]');
    expect(rows[0].cells[0]).toMatchObject({ n: 3, averages: '3 runs: 2 seeds' });
    expect(rows[0].cells[0].warnings).toEqual([
      {
        kind: 'SAME_SEED',
        message: expect.stringMatching(/^counts runs with equal settings and seed as independent: \d+ and \d+$/),
      },
    ]);
    // Of the row without a completed run, the one in progress counts, and not the failed one.
    expect(rows[1].cells[0]).toMatchObject({ n: 1, mean: 0.4, completed: false, lacking: '1 failed' });
    expect(rows[1].cells[0].warnings[0].kind).toBe('UNFINISHED');
    expect(rows[1].cells[0].gain.reason).toBe('no run of the cell is completed');
    expect(warnings).toEqual([
      { kind: 'ENGINE', message: 'the runs differ in their engine: wasm (3 runs), webgpu (1 run)' },
      {
        kind: 'CODE',
        message:
          'the runs differ in their version of Crosscheck: 0.1.0, commit abc1234 (3 runs), 0.1.0, commit def5678 (1 run)',
      },
    ]);
  });

  it('leave out NaN and infinity, and evaluations of the first images', async () => {
    const training = { evaluateImages: 4 };
    const id = await create(
      'parts',
      { methods: [SUPERVISED], seeds: [0, 1, 2] },
      { split: { labelledRatio: 0.5 }, training },
    );
    const [first, second, third] = await runsOf(id);
    await finish(first!.id, 0.5, { state: 'RUNNING', step: 1000 });
    await finish(second!.id, 0.9, { state: 'RUNNING', step: 200 });
    const [cell] = (await pivot(id, 'rows: []')).rows[0].cells;
    expect(cell).toMatchObject({ n: 1, mean: 0.5, lacking: '1 queued, 1 running' });
    await finish(third!.id, null);
    for (const [run, value] of [
      [first, 0.25],
      [third, 'NaN'],
    ] as const) {
      await dataSource.query(
        `INSERT INTO series (run_id, name, last_value, low, high) VALUES ($1, 'loss', $2, $2, $2)`,
        [run!.id, value],
      );
    }
    const [loss] = (await pivot(id, 'rows: [], value: "max(loss)"')).rows[0].cells;
    expect(loss).toMatchObject({ n: 1, mean: 0.25, completed: false });
    expect(loss.warnings).toContainEqual({
      kind: 'NOT_FINITE',
      message: `leaves out runs whose value is NaN or infinite: ${third!.number}`,
    });
  });
});

describe('published numbers', () => {
  it('stand beside those of the same method, backbone and labels, and as rows', async () => {
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
    const { runsPivot } = await server.ask(
      `{ runsPivot(rows: ["study"], columns: ["method"], query: "study = draws or study = unpaired") {
           runCount columns { labels } rows { labels cells { n } } } }`,
    );
    expect(runsPivot).toEqual({
      runCount: 12,
      columns: [{ labels: ['Supervised'] }, { labels: ['CPS'] }],
      rows: [
        { labels: ['draws'], cells: [{ n: 4 }, { n: 2 }] },
        { labels: ['unpaired'], cells: [{ n: 3 }, { n: 3 }] },
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

describe('a table as text', () => {
  const render = async (format: string, more = '') =>
    (await pivot(study, BY_RATIO, `render(format: ${format}${more})`)).render as string;

  it('names subset and network, and marks the best', async () => {
    expect(await render('MARKDOWN')).toBe(
      [
        '| mIoU on val, network 1, newest evaluation, %: method | 1/8 | 1/4 |',
        '| --- | ---: | ---: |',
        '| Supervised | 61.00 ± 1.00 (n = 3) | 70.50 ± 0.71 (n = 2) (1 queued) |',
        '| CPS | **66.17 ± 1.61 (n = 3)** | **72.00 (n = 1) (2 queued)** |',
      ].join('\n'),
    );
    expect(await render('LATEX', ', details: [STD], digits: 1')).toContain(
      'CPS & \\textbf{66.2 $\\pm$ 1.6} & \\textbf{72.0 (2 queued)} \\\\',
    );
    expect(await render('TEXT', ', details: [GAIN]')).toContain('* 66.17 +5.17 (p = 0.007)');
    const [header, first] = (await render('CSV')).split('\r\n');
    expect(header).toBe(
      'method,split.labelledRatio,"mean of mIoU on val, network 1, newest evaluation",std,n,min,max,ci95_low,ci95_high,' +
        'completed,lacking,gain,gain_p,published,source,runs',
    );
    expect(first).toMatch(/^Supervised,1\/8,0\.61,0\.0\d+,3,0\.6,0\.62,/);
  });

  it.each([-1, 11])('has no %d digits', async (digits) => {
    await expect(render('TEXT', `, digits: ${digits}`)).rejects.toThrow(
      `digits: must be between 0 and 10; got ${digits}`,
    );
  });
});
