import { In } from 'typeorm';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MethodName, type RunConfig, runConfig, type SplitConfig } from '../../schema/run-config.js';
import { type Context, inOrder, Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Predictor, Subset } from '../evaluations/evaluation.entity.js';
import { EvaluationsRepository } from '../evaluations/evaluations.repository.js';
import { EvaluationsService } from '../evaluations/evaluations.service.js';
import { Budget } from '../graphql/budget.js';
import { RareClassesRepository } from '../rare-classes/rare-classes.repository.js';
import { RareClassesService } from '../rare-classes/rare-classes.service.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { Study } from '../studies/study.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { queriesOf } from '../testing/queries.js';
import { confusionOf, insertDataset, insertRun, iouOf } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { PivotsRepository } from './pivots.repository.js';
import { StudyTablesService } from './study-tables.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
const service = new StudyTablesService({
  ...{ repository: new PivotsRepository(dataSource), datasets },
  rareClasses: new RareClassesService({ repository: new RareClassesRepository(dataSource) }),
  studies: {
    load: ({ loaders }, id) =>
      loaders
        .of<Study>('studies', async (ids) =>
          inOrder(ids, await dataSource.getRepository(Study).findBy({ id: In([...ids]) }), (study) => study.id),
        )
        .load(id),
  },
  // Its studies have no stored matrix.
  studyQueue: { planned: () => [] },
});

function evaluate(
  run: Run,
  right: number,
  subset = Subset.VAL,
  step = 100,
  network = Predictor.BRANCH1,
  images = 1,
): Promise<void> {
  return inTransaction(dataSource, (transaction) =>
    evaluations.record(transaction, run, 1, [{ step, network, subset, confusion: confusionOf(right, images) }]),
  );
}

describe('the table of a study', () => {
  let dataset: Dataset;
  let study: Study;
  let config: RunConfig;
  const table = (subset: Subset | null = null, numbers?: number) => {
    const context = { budget: new Budget(undefined, numbers), loaders: new Loaders(true) } as Context;
    return service.of(context, study.id, subset);
  };
  const seedsOf = async (ids: readonly string[]): Promise<number[]> => {
    const runs = await dataSource.query<{ seed: string }[]>(
      'SELECT seed FROM unnest($1::uuid[]) WITH ORDINALITY AS of (id, place) JOIN runs USING (id) ORDER BY place',
      [ids],
    );
    return runs.map(({ seed }) => Number(seed));
  };
  const split = (split: SplitConfig) => ({ config: { ...config, split } });
  const insert = (changes: Partial<Run> = {}, of = dataset) =>
    insertRun(dataSource, of, { studyId: study.id, splitHash: 'split-a', ...changes });
  const by = (name: MethodName, rest: Partial<RunConfig> = {}) => ({
    method: name,
    config: runConfig.parse({ ...config, ...rest, method: { name } }),
  });

  beforeEach(async () => {
    await emptyTables(dataSource, 'studies', 'runs', 'datasets');
    dataset = await insertDataset(dataSource);
    study = await dataSource.getRepository(Study).save({ name: 'CPS or not', description: '' });
    config = (await insertRun(dataSource, dataset)).config;
  });

  it('averages over seeds with the sample standard deviation', async () => {
    for (const [seed, right] of [5, 6, 8].entries()) await evaluate(await insert({ seed }), right);
    await insert({ seed: 3 });
    const { rows, classes, subset } = await table();
    const ious = [5, 6, 8].map(iouOf);
    const mean = (ious[0]! + ious[1]! + ious[2]!) / 3;
    const std = Math.sqrt(ious.reduce((sum, iou) => sum + (iou - mean) ** 2, 0) / 2);
    expect(subset).toBe('VAL');
    expect(classes.map(({ name }) => name)).toEqual(['background', 'disc', 'box']);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ dataset: 'shapes', method: 'cps', methodLabel: 'CPS', splitLabel: '1/8', n: 3 });
    expect(await seedsOf(rows[0]!.runIds)).toEqual([0, 1, 2, 3]);
    expect(rows[0]!.meanIou!.mean).toBeCloseTo(mean, 12);
    expect(rows[0]!.meanIou!.std).toBeCloseTo(std, 12);
    expect(rows[0]!.pixelAccuracy!.mean).toBeCloseTo((5 + 6 + 8) / 30, 12);
    // All classes are equally frequent.
    expect(rows[0]!.frequencyWeightedIou!.mean).toBeCloseTo(mean, 12);
    expect(rows[0]!.classIous[2]).toMatchObject({ n: 3 });
    expect(rows[0]!.classIous[2]!.mean).toBeCloseTo(mean, 12);
  });

  it('has no deviation for one run, and no statistic for none', async () => {
    await evaluate(await insert(), 5);
    await insert(by('supervised'));
    const { rows } = await table();
    expect(rows.map(({ method, n, meanIou }) => [method, n, meanIou?.std])).toEqual([
      ['supervised', 0, undefined],
      ['cps', 1, null],
    ]);
    expect(rows[0]!.classIous).toEqual([null, null, null]);
  });

  it('never puts runs of different labelled splits into one row', async () => {
    await evaluate(await insert({ splitHash: 'split-a' }), 5);
    await evaluate(await insert({ splitHash: 'split-b' }), 6);
    await insert({ splitHash: null });
    const { rows } = await table();
    expect(rows.map(({ splitHash, n }) => [splitHash, n])).toEqual([
      [null, 0],
      ['split-a', 1],
      ['split-b', 1],
    ]);
  });

  it('never puts runs with different method settings into one row, and says what differs', async () => {
    const cps = (changes: object) => ({ config: { ...config, method: { ...config.method, ...changes } } as RunConfig });
    for (const seed of [0, 1]) await insert({ seed, ...cps({ on: 'both', weight: 6 }) });
    for (const weight of [6, 1.5]) await insert(cps({ on: 'labelled', weight }));
    await insert(by('supervised'));
    const { rows } = await table();
    expect(rows.map(({ methodLabel, runIds }) => [methodLabel, runIds.length])).toEqual([
      ['Supervised', 1],
      ['CPS (weight 1.5, on labelled)', 1],
      ['CPS (weight 6, on both)', 2],
      ['CPS (weight 6, on labelled)', 1],
    ]);
  });

  it('never puts runs with other different settings into one row, and says what differs', async () => {
    const training = (changes: object) => ({ config: { ...config, training: { ...config.training, ...changes } } });
    for (const seed of [0, 1]) await insert({ seed, ...training({ iterations: 9000, logEvery: seed + 1 }) });
    await insert(training({ iterations: 300 }));
    const { rows } = await table();
    expect(rows.map(({ methodLabel, settingsLabel, runIds }) => [methodLabel, settingsLabel, runIds.length])).toEqual([
      ['CPS', 'training.iterations 300', 1],
      ['CPS', 'training.iterations 9000', 2],
    ]);
  });

  it('puts runs that are older than a setting into the row of its default', async () => {
    const { data, loss, alarms, ...before } = config;
    for (const stored of [config, before as RunConfig]) await evaluate(await insert({ config: stored }), 5);
    await evaluate(await insert({ config: { ...before, loss: { name: 'gone' } } as unknown as RunConfig }), 5);
    const { rows } = await table();
    expect(rows.map(({ settingsLabel, runIds }) => [settingsLabel, runIds.length])).toEqual([
      [expect.stringMatching(/loss.name cross_entropy/), 2],
      [expect.stringMatching(/^loss.name gone/), 1],
    ]);
  });

  it('recognises the images of a run that is older than the setting for their scale', async () => {
    const { data, ...before } = config;
    const [first, second] = [await insert({ config: before as RunConfig }), await insert({ seed: 1 })];
    await evaluate(first, 9);
    await evaluate(second, 8, Subset.VAL, 100, Predictor.BRANCH1, 2);
    expect((await table()).rows).toMatchObject([{ n: 1, runIds: [first.id, second.id] }]);
  });

  it('lists methods in the order of comparison, then splits from few labels to many', async () => {
    for (const method of ['cps_cutmix', 'supervised', 'cps'] as const) {
      const splits = [{ labelledImages: 22 }, { labelledImages: 9 }, { labelledRatio: 0.25 }, { labelledRatio: 0.125 }];
      for (const each of splits) await insert(by(method, { split: { ...each, seed: 0, cover: false } }));
    }
    const { rows } = await table();
    expect(rows.map(({ method, splitLabel }) => `${method} ${splitLabel}`)).toEqual(
      ['supervised', 'cps', 'cps_cutmix'].flatMap((method) =>
        ['1/8', '1/4', '9 images', '22 images'].map((label) => `${method} ${label}`),
      ),
    );
  });

  it('keeps splits with different labels apart, and different splits with the same label', async () => {
    await insert(split({ labelledRatio: 0.125, seed: 0, cover: false }));
    await insert(split({ labelledImages: 8, seed: 0, cover: false }));
    await insert({ ...split({ labelledImages: 8, seed: 1, cover: false }), splitHash: 'split-b' });
    const { rows } = await table();
    expect(rows.map(({ splitLabel, splitHash, runIds }) => [splitLabel, splitHash, runIds.length])).toEqual([
      ['1/8', 'split-a', 1],
      ['8 images', 'split-a', 1],
      ['8 images', 'split-b', 1],
    ]);
  });

  it('never puts runs of different unlabelled lists into one row', async () => {
    const list = (unlabelledList: string | null) => split({ labelledList: 'mine.txt', unlabelledList });
    for (const unlabelledList of ['a/rest.txt', 'b/rest.txt', null]) await insert(list(unlabelledList));
    await insert({ seed: 1, ...list('a/rest.txt') });
    const { rows } = await table();
    expect(rows.map(({ splitLabel, unlabelledList, runIds }) => [splitLabel, unlabelledList, runIds.length])).toEqual([
      ['list mine', null, 1],
      ['list mine (unlabelled: rest)', 'a/rest.txt', 2],
      ['list mine (unlabelled: rest)', 'b/rest.txt', 1],
    ]);
  });

  it('keeps splits apart that have the same label and are not drawn yet', async () => {
    for (const seed of [0, 1]) await insert({ splitHash: null, ...split({ labelledImages: 22, seed, cover: false }) });
    await insert({ seed: 1, splitHash: null, ...split({ labelledImages: 22, seed: 0, cover: false }) });
    const { rows } = await table();
    expect(rows.map(({ runIds }) => runIds.length)).toEqual([2, 1]);
  });

  it('shows the test subset once every evaluated run has it, or the subset that is asked for', async () => {
    const [first, second] = [await insert({ seed: 1 }), await insert({ seed: 2 })];
    await evaluate(first, 5);
    await evaluate(second, 5);
    await evaluate(first, 9, Subset.TEST);
    expect((await table()).subset).toBe('VAL');
    expect((await table(Subset.TEST)).rows[0]!.n).toBe(1);
    await evaluate(second, 9, Subset.TEST);
    const tested = await table();
    expect(tested.subset).toBe('TEST');
    expect(tested.rows[0]!.meanIou!.mean).toBeCloseTo(iouOf(9), 12);
  });

  it("uses the newest evaluation of branch 1, not the best and not another network's", async () => {
    const run = await insert();
    await evaluate(run, 9, Subset.VAL, 100);
    await evaluate(run, 5, Subset.VAL, 200);
    await evaluate(run, 8, Subset.VAL, 300, Predictor.ENSEMBLE);
    expect((await table()).rows[0]!.meanIou!.mean).toBeCloseTo(iouOf(5), 12);
  });

  it('leaves out evaluations of the first few images once a run has one of all images', async () => {
    const [first, second] = [await insert({ seed: 0 }), await insert({ seed: 1 })];
    const shrunk = await insert(by('supervised', { data: { imageScale: 0.5, applyOrientation: false } }));
    await evaluate(first, 9, Subset.VAL, 100);
    await evaluate(second, 5, Subset.VAL, 100);
    await evaluate(shrunk, 6, Subset.VAL, 100);
    const rows = async () => (await table()).rows.map(({ method, n, meanIou }) => [method, n, meanIou?.mean]);
    const partly = await rows();
    expect(partly.map(([method, n]) => [method, n])).toEqual([
      ['supervised', 1],
      ['cps', 2],
    ]);

    await evaluate(first, 8, Subset.VAL, 200, Predictor.BRANCH1, 2);
    // Images of another scale have other numbers of pixels, which say nothing about how many images were evaluated.
    expect(await rows()).toEqual([partly[0], ['cps', 1, expect.closeTo(iouOf(8), 12)]]);
  });

  it('does not average runs in progress with completed ones', async () => {
    const running = await insert({ seed: 1, state: RunState.RUNNING });
    await evaluate(running, 2);
    const row = async () => (await table()).rows[0];
    const of = (right: number) => ({ n: 1, meanIou: { mean: expect.closeTo(iouOf(right), 12), std: null } });
    expect(await row()).toMatchObject({ ...of(2), completed: false });
    await evaluate(await insert({ seed: 0, state: RunState.COMPLETED }), 8);
    expect(await row()).toMatchObject({ ...of(8), completed: true });
  });

  it('does not average failed or canceled runs with those in progress', async () => {
    await evaluate(await insert({ seed: 0, state: RunState.FAILED }), 8);
    await evaluate(await insert({ seed: 1, state: RunState.CANCELED }), 8);
    const row = async () => (await table()).rows[0];
    const of = (right: number) => ({ completed: false, meanIou: { mean: expect.closeTo(iouOf(right), 12) } });
    expect(await row()).toMatchObject({ ...of(8), n: 2 });
    await evaluate(await insert({ seed: 2, state: RunState.RUNNING }), 2);
    expect(await row()).toMatchObject({ ...of(2), n: 1 });
  });

  it('only has class columns for the first dataset', async () => {
    const other = await insertDataset(dataSource, 'zebra');
    await evaluate(await insert(), 5);
    await evaluate(await insert({}, other), 6);
    const { rows } = await table();
    expect(rows.map((row) => [row.dataset, row.classIous.length, row.n])).toEqual([
      ['shapes', 3, 1],
      ['zebra', 0, 1],
    ]);
  });

  it('is refused if the study has more runs than the operation may read', async () => {
    for (const seed of [0, 1, 2]) await evaluate(await insert({ seed }), 5);
    // Three runs, as rows.
    expect((await table(Subset.VAL, 6)).rows).toHaveLength(1);
    await expect(table(Subset.VAL, 5)).rejects.toThrow('the operation reads more than 5 numbers');
  });

  it('reads no confusion matrix, and those of several studies by as many statements as one', async () => {
    await evaluate(await insert(), 5);
    // Without them, the truth of one matrix says what is rare.
    const facts = { parts: [{ part: 'TRAIN', classes: [{ pixels: 9 }, { pixels: 5 }, { pixels: 1 }] }] };
    await dataSource.query('UPDATE datasets SET facts = $1', [JSON.stringify(facts)]);
    const other = await dataSource.getRepository(Study).save({ name: 'another', description: '' });
    await evaluate(await insert({ studyId: other.id }), 6);
    const queries = (...ids: string[]) =>
      queriesOf(async () => {
        const context = { budget: new Budget(), loaders: new Loaders(true) } as Context;
        const tables = await Promise.all(ids.map((id) => service.of(context, id, null)));
        expect(tables.map(({ rows }) => rows.length)).toEqual(ids.map(() => 1));
      });
    const [one, two] = [await queries(study.id), await queries(study.id, other.id)];
    expect(two).toHaveLength(one.length);
    expect(two.filter((sql) => sql.includes('confusion'))).toEqual([]);
  });

  it('is empty for a study without runs', async () => {
    expect(await table()).toEqual({ subset: 'VAL', classes: [], rareClasses: [], rows: [] });
  });
});
