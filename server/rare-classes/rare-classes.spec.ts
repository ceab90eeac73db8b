import { beforeAll, describe, expect, it } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, testServer } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
let study: string;

const CLASSES = ['road', 'sky', 'pole', 'sign', 'train'].map((name) => ({ name, color: '#102030' }));
/** Of all training labels: the median of those that occur is 300, so pole and sign are rare. */
const PIXELS = [1000, 500, 100, 20, 0];
const FACTS = {
  parts: [
    {
      ...{ part: 'TRAIN', images: 64, sizes: [], bits: [8], ignoredPixels: 0 },
      classes: PIXELS.map((pixels) => ({ pixels, images: pixels > 0 ? 8 : 0, components: null })),
    },
  ],
  splits: [],
  duplicates: { groups: 0, acrossSubsets: 0, near: 0 },
} as const;

/** Of ten pixels each of road, sky and pole, `found` of pole are found; one road pixel is taken for a sign, which no image holds. */
function confusion(found: number): number[] {
  const matrix = Array<number>(25).fill(0);
  [matrix[0], matrix[3], matrix[6], matrix[12], matrix[10]] = [9, 1, 10, found, 10 - found];
  return matrix;
}

/** The IoU of pole. */
const iou = (found: number) => found / 10;

async function train(found: number): Promise<void> {
  const attempt = (await runner.claim())!;
  await evaluate(attempt, confusion(found));
  expect(await runner.finish(attempt, 'SUCCEEDED')).toBe('COMPLETED');
}

const evaluate = (attempt: Claimed, matrix: number[]) =>
  runner.report(attempt, {
    ...{ sequence: 1, step: 1000 },
    evaluations: [{ step: 1000, network: 'BRANCH1', subset: 'VAL', confusion: matrix }],
  });

const pivot = async (
  args: string,
  fields = 'title rows { labels cells { n mean std gain { difference p pairs } } }',
) => {
  const query = `query ($id: ID!) { study(id: $id) { pivot(${args}) { ${fields} } } }`;
  return (await server.ask(query, { id: study })).study.pivot;
};

const rareOf = async (name: string) => {
  const { datasets } = await server.ask('{ datasets { name rareClasses { index name } } }');
  return datasets.find((each: { name: string }) => each.name === name).rareClasses;
};

beforeAll(async () => {
  runner = await server.registerRunner({
    slots: 8,
    datasets: [
      datasetInput({ classes: CLASSES, testImages: 0, facts: FACTS }),
      datasetInput({ name: 'uncounted', classes: CLASSES, testImages: 0 }),
    ],
  });
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name: 'rare classes',
        base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
        matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [0, 1] },
      },
    },
  );
  study = createStudy.id;
  // Supervised and CPS with seed 0, then with seed 1.
  for (const found of [2, 6, 4, 7]) await train(found);
});

describe('the rare classes of a dataset', () => {
  it('are those with the fewest training pixels, as the runner has counted them', async () => {
    expect(await rareOf('shapes')).toEqual([
      { index: 2, name: 'pole' },
      { index: 3, name: 'sign' },
    ]);
  });

  it('are unknown without counts, until a run on all validation images is completed', async () => {
    expect(await rareOf('uncounted')).toBeNull();
    await server.createRun({ name: 'first' }, { dataset: 'uncounted' });
    const attempt = (await runner.claim())!;
    // Sky is the rarest of the classes that the images hold.
    const matrix = [50, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    await evaluate(attempt, matrix);
    expect(await rareOf('uncounted')).toBeNull();
    await runner.finish(attempt, 'SUCCEEDED');
    expect(await rareOf('uncounted')).toEqual([{ index: 1, name: 'sky' }]);
  });
});

describe('their mean IoU', () => {
  it('is in the table of a study, without classes that the images do not hold', async () => {
    const query = `query ($id: ID!) { study(id: $id) { table {
      rareClasses { name } rows { methodLabel n rareMeanIou { mean std n } classIous { mean } } } } }`;
    const { table } = (await server.ask(query, { id: study })).study;
    expect(table.rareClasses).toEqual([{ name: 'pole' }, { name: 'sign' }]);
    expect(table.rows).toMatchObject([
      { methodLabel: 'Supervised', n: 2, rareMeanIou: { mean: expect.closeTo(0.3), n: 2 } },
      { methodLabel: 'CPS', n: 2, rareMeanIou: { mean: expect.closeTo(0.65), std: expect.closeTo(0.0707, 4), n: 2 } },
    ]);
    // The sign was predicted, so its IoU is 0, and mIoU counts it.
    expect(table.rows[0].classIous[3]).toEqual({ mean: 0 });
  });

  it('is a number of tables, with gains and paired tests', async () => {
    const table = await pivot('rows: ["method"], value: "rare_miou"');
    expect(table.title).toBe('mIoU of the rare classes (pole, sign) on val, network 1, newest evaluation');
    const [supervised, cps] = table.rows.map(({ cells }: { cells: object[] }) => cells[0]);
    expect(supervised).toMatchObject({ n: 2, mean: expect.closeTo((iou(2) + iou(4)) / 2) });
    expect(cps).toMatchObject({
      mean: expect.closeTo((iou(6) + iou(7)) / 2),
      gain: { difference: expect.closeTo(0.35), pairs: 2, p: expect.closeTo(0.0903, 3) },
    });
  });

  it('stands beside mIoU in a table as text', async () => {
    const of = async (more: string) =>
      (await pivot('rows: ["method"], columns: ["split"]', `render(details: [], digits: 0, ${more})`)).render.split(
        '\n',
      );
    expect(await of('format: MARKDOWN, beside: ["rare_miou", "rare_miou(subset: test)"]')).toEqual([
      '| mIoU on val, network 1, newest evaluation, %: method | 1/2 | 1/2, rare classes |',
      '| --- | ---: | ---: |',
      '| Supervised | 46 | 30 |',
      '| CPS | **58** | **65** |',
      '',
      'rare classes: mIoU of the rare classes (pole, sign) on val, network 1, newest evaluation, in percent.',
    ]);
    expect((await of('format: LATEX, beside: ["rare_miou"]')).join('\n')).toContain(
      'CPS & \\textbf{58} & \\textbf{65} \\\\',
    );
    await expect(of(`format: TEXT, beside: ${JSON.stringify(Array(5).fill('miou'))}`)).rejects.toThrow('beside');
    await expect(of('format: TEXT, beside: ["rare_moiu"]')).rejects.toThrow('did you mean "rare_miou"?');
  });

  it.each<[string, number[]]>([
    ['rare_miou >= 60% and dataset = shapes', [2, 4]],
    ['rare_miou(pick: best) < 0.3', [1]],
    ['rare_miou is known and study is known', [1, 2, 3, 4]],
    ['rare_miou(subset: test) is known', []],
  ])('filters runs: %s', async (query, expected) => {
    const { runs } = await server.ask(
      'query ($query: String) { runs(query: $query, sort: "number") { edges { node { number } } } }',
      { query },
    );
    expect(runs.edges.map(({ node }: { node: { number: number } }) => node.number)).toEqual(expected);
  });

  it('sorts runs, is a column of lists and a number of groups', async () => {
    const { runs, runGroups } = await server.ask(`{
      runs(query: "study is known", sort: "rare_miou desc") { edges { node { number values(fields: ["rare_miou"]) } } }
      runGroups(query: "study is known", by: ["method"], values: ["rare_miou"], sort: "method") {
        edges { node { key values { mean } } } } }`);
    expect(runs.edges.map(({ node }: { node: { number: number } }) => node.number)).toEqual([4, 2, 3, 1]);
    expect(runs.edges[0].node.values).toEqual([expect.closeTo(0.7)]);
    expect(runGroups.edges.map(({ node }: { node: { values: object[] } }) => node.values[0])).toEqual([
      { mean: expect.closeTo(0.65) },
      { mean: expect.closeTo(0.3) },
    ]);
    const where = { field: { score: 'RARE_MEAN_IOU' }, op: 'LT', value: 0.3 };
    const found = await server.ask('query ($where: RunWhere) { runs(where: $where) { totalCount } }', { where });
    expect(found.runs.totalCount).toBe(1);
  });

  it.each(['rare_miou(pole) < 1', 'rare_miou(clas: pole) < 1'])('has no class: %s', async (query) => {
    const { errors } = await server.send('query ($query: String) { runs(query: $query) { totalCount } }', { query });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
