import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetsRepository } from '../../datasets/datasets.repository.js';
import { DatasetsService } from '../../datasets/datasets.service.js';
import { Budget } from '../../graphql/budget.js';
import { readsOf } from '../../testing/queries.js';
import { datasetInput } from '../../testing/results-fixtures.js';
import { type TestRunner, testServer } from '../../testing/test-server.js';
import { ComparisonsRepository } from '../comparisons.repository.js';
import { ComparisonsService } from '../comparisons.service.js';
import { Predictor, Subset } from '../evaluation.entity.js';
import { EvaluationsRepository } from '../evaluations.repository.js';
import { EvaluationsService } from '../evaluations.service.js';
import { ClassHistoriesRepository } from './class-histories.repository.js';
import { ClassHistoriesService } from './class-histories.service.js';

const server = testServer();
let runner: TestRunner;
let [one, two, empty, other]: string[] = [];

/** background is found by `right` of ten pixels, disc in full, and box neither occurs nor is predicted. */
const confusion = (right: number) => [right, 10 - right, 0, 0, 10, 0, 0, 0, 0];
const scores = (right: number) => ({ background: right / 10, disc: 10 / (20 - right) });

async function run(config: object, ...evaluations: object[]): Promise<string> {
  const id = await server.createRun({}, { ...config });
  const attempt = (await runner.claim())!;
  const defaults = { network: 'BRANCH1', subset: 'VAL' };
  await runner.report(attempt, {
    sequence: 1,
    step: 50,
    evaluations: evaluations.map((evaluation) => ({ ...defaults, ...evaluation })),
  });
  return id;
}

beforeAll(async () => {
  const classes = ['disc', 'cone'].map((name) => ({ name, color: '#00ff00' }));
  const datasets = [datasetInput(), datasetInput({ name: 'other', classes })];
  runner = await server.registerRunner({ slots: 8, datasets });
  await server.setSlotLimit(runner, 8);
  one = await run(
    {},
    { step: 20, confusion: confusion(4) },
    { step: 10, confusion: confusion(2) },
    { step: 30, confusion: confusion(8) },
    { step: 30, confusion: confusion(9), subset: 'TEST' },
    { step: 30, confusion: confusion(7), network: 'ENSEMBLE' },
  );
  two = await run({}, { step: 15, confusion: confusion(5) });
  empty = await run({});
  other = await run({ dataset: 'other' }, { step: 5, confusion: [1, 1, 0, 2] });
});

const send = (args: string, fields: string, runIds: unknown[] = [one, two, empty]) =>
  server.send(`query ($ids: [ID!]!) { classHistories(runIds: $ids${args}) { ${fields} } }`, { ids: runIds });
const ask = async (args: string, fields: string, runIds?: unknown[]) => {
  const { data, errors } = await send(args, fields, runIds);
  expect(errors).toBeUndefined();
  return data.classHistories;
};

describe('classHistories', () => {
  it('has every class of several runs at every step, as columns', async () => {
    const fields = 'run { id } steps meanIous classes { classIndex name color ious precisions recalls }';
    const [first, second, third] = await ask('', fields);
    expect(first).toMatchObject({ run: { id: one }, steps: [10, 20, 30] });
    const meanIous = [2, 4, 8].map((right) => (scores(right).background + scores(right).disc) / 2);
    expect(first.meanIous).toEqual(meanIous.map((iou) => expect.closeTo(iou, 14)));
    const none = [null, null, null];
    expect(first.classes).toEqual([
      {
        ...{ classIndex: 0, name: 'background', color: '#000000' },
        ...{ ious: [0.2, 0.4, 0.8], precisions: [1, 1, 1], recalls: [0.2, 0.4, 0.8] },
      },
      {
        ...{ classIndex: 1, name: 'disc', color: '#ff0000' },
        ...{ ious: [10 / 18, 10 / 16, 10 / 12], precisions: [10 / 18, 10 / 16, 10 / 12], recalls: [1, 1, 1] },
      },
      { ...{ classIndex: 2, name: 'box', color: '#00ff00' }, ious: none, precisions: none, recalls: none },
    ]);
    expect(second).toMatchObject({ run: { id: two }, steps: [15], classes: [{ ious: [0.5] }, {}, { ious: [null] }] });
    expect(third).toMatchObject({ run: { id: empty }, steps: [], meanIous: [], classes: [{ ious: [] }, {}, {}] });
  });

  it.each([
    [', fromStep: 15', [20, 30]],
    [', toStep: 20', [10, 20]],
    [', fromStep: 20, toStep: 20', [20]],
    [', fromStep: 31', []],
    [', subset: TEST', [30]],
    [', network: ENSEMBLE', [30]],
  ])('reads only what is asked for: %s', async (args, steps) => {
    expect((await ask(args, 'steps'))[0].steps).toEqual(steps);
  });

  it('returns some classes in the given order, of the runs that have them', async () => {
    const histories = await ask(', classes: ["cone", "disc"]', 'classes { name classIndex ious }', [one, other]);
    expect(histories).toEqual([
      { classes: [{ name: 'disc', classIndex: 1, ious: [10 / 18, 10 / 16, 10 / 12] }] },
      {
        classes: [
          { name: 'cone', classIndex: 1, ious: [2 / 3] },
          { name: 'disc', classIndex: 0, ious: [0.5] },
        ],
      },
    ]);
  });

  it('refuses a class that no run has, a missing run, and too many or no runs', async () => {
    const refused = async (args: string, runIds?: unknown[]) => (await send(args, 'steps', runIds)).errors![0]!.message;
    expect(await refused(', classes: ["disk"]')).toBe('classes: the dataset has no class "disk"; did you mean "disc"?');
    const missing = crypto.randomUUID();
    expect(await refused('', [one, missing])).toBe(`there is no run "${missing}"`);
    expect(await refused('', [])).toBe('runIds: must have 1 to 50 entries; got 0');
    expect(await refused('', new Array(51).fill(one))).toBe('runIds: must have 1 to 50 entries; got 51');
  });

  it('takes as many statements for many runs as for one', async () => {
    const fields = 'run { number } steps classes { ious }';
    const [few, many] = [
      await readsOf(() => ask('', fields, [one])),
      await readsOf(() => ask('', fields, [one, two, empty, other])),
    ];
    expect(few.length).toBeGreaterThan(0);
    expect(many).toHaveLength(few.length);
    expect(many.filter((query) => query.includes('classHistories'))).toHaveLength(1);
  });

  it('is refused if there is more than the operation may read', async () => {
    const { dataSource } = server.database;
    const datasets = new DatasetsService(new DatasetsRepository(dataSource));
    const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    const comparisons = new ComparisonsService({
      repository: new ComparisonsRepository(dataSource),
      evaluations,
    });
    const service = new ClassHistoriesService({
      repository: new ClassHistoriesRepository(dataSource),
      comparisons,
      datasets,
    });
    const args = { runIds: [one!, two!], network: Predictor.BRANCH1, subset: Subset.VAL };
    const read = (numbers: number) => service.histories(new Budget(undefined, numbers), args);
    // Four evaluations, each with a row for each of three classes; a row counts twice.
    expect(await read(2 * 4 * (1 + 3))).toHaveLength(2);
    for (const numbers of [2 * 4 * (1 + 3) - 1, 2 * 3 * (1 + 3), 9, 1]) {
      await expect(read(numbers)).rejects.toThrow(`the operation reads more than ${numbers} numbers`);
    }
  });
});
