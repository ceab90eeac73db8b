import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../context.js';
import { Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Budget } from '../graphql/budget.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';
import type { EvaluationArgs, EvaluationInput } from './evaluations.inputs.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsService } from './evaluations.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const service = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
const context = () => ({ loaders: new Loaders(true), budget: new Budget() }) as Context;

const recordAll = (run: Run, inputs: Partial<EvaluationInput>[]) =>
  inTransaction(dataSource, (transaction) => {
    const common = { step: 100, network: Predictor.BRANCH1, subset: Subset.VAL };
    const confusion = [8, 2, 0, 0, 5, 0, 0, 0, 0];
    const evaluations = inputs.map((input) => ({ ...common, confusion, ...input }));
    return service.record(transaction, run, 1, evaluations);
  });
const record = (run: Run, input: Partial<EvaluationInput> = {}) => recordAll(run, [input]);
const matrix = ({ id }: { id: string }) => service.confusion(context(), id);
const pick = (run: Run, args: Partial<EvaluationArgs> = {}) =>
  service.evaluation(context(), run.id, { pick: Pick.NEWEST, network: Predictor.BRANCH1, ...args });

describe('EvaluationsService', () => {
  let dataset: Dataset;
  let run: Run;

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    dataset = await insertDataset(dataSource);
    run = await insertRun(dataSource, dataset);
  });

  it('computes the scores of a confusion matrix and names the classes', async () => {
    await record(run);
    const evaluation = (await pick(run))!;
    expect(evaluation).toMatchObject({ step: 100, network: 'BRANCH1', subset: 'VAL' });
    expect(await matrix(evaluation)).toEqual([8, 2, 0, 0, 5, 0, 0, 0, 0]);
    expect(evaluation.meanIou).toBeCloseTo((8 / 10 + 5 / 7) / 2, 12);
    expect(evaluation.pixelAccuracy).toBeCloseTo(13 / 15, 12);
    expect(await service.classIous(context(), evaluation)).toEqual([
      { classIndex: 0, name: 'background', color: '#000000', iou: 0.8 },
      { classIndex: 1, name: 'disc', color: '#ff0000', iou: 5 / 7 },
      { classIndex: 2, name: 'box', color: '#00ff00', iou: null },
    ]);
  });

  it('does not read more confusion matrices than the operation may', async () => {
    await recordAll(run, [{ step: 1 }, { step: 2 }, { step: 3 }]);
    const read = async (numbers: number) => {
      const of = { loaders: new Loaders(true), budget: new Budget(undefined, numbers) } as Context;
      const all = await service.evaluations(of, run.id, {});
      return Promise.all(all.map(({ id }) => service.confusion(of, id)));
    };
    // Three rows and three matrices of nine numbers.
    expect(await read(3 * 2 + 27)).toHaveLength(3);
    await expect(read(3 * 2 + 26)).rejects.toThrow('the operation reads more than 32 numbers');
    await expect(read(5)).rejects.toThrow('the operation reads more than 5 numbers');
  });

  it('keeps counts that do not fit 32 bits', async () => {
    await record(run, { confusion: [2 ** 52, 1, 0, 0, 0, 0, 0, 0, 0] });
    expect((await matrix((await pick(run))!))[0]).toBe(2 ** 52);
  });

  it('stores an evaluation once, no matter how often it is sent, with its newest numbers', async () => {
    await record(run);
    await record(run, { confusion: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
    const all = await service.evaluations(context(), run.id, {});
    expect(all).toHaveLength(1);
    expect(all[0]!.meanIou).toBe(1);
    expect((await service.classIous(context(), all[0]!)).map(({ iou }) => iou)).toEqual([1, 1, 1]);
  });

  it('keeps the last numbers of an evaluation that a report has twice', async () => {
    const perfect = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    await recordAll(run, [{}, { step: 50 }, { subset: Subset.TEST }, { confusion: perfect }, { step: 150 }]);
    const all = await service.evaluations(context(), run.id, { subset: Subset.VAL });
    expect(all.map(({ step }) => step)).toEqual([50, 100, 150]);
    expect((await Promise.all(all.map(matrix))).map(([first]) => first)).toEqual([8, 1, 8]);
    const scores = await service.scoresOfClasses(
      new Budget(),
      all.map(({ id }) => id),
    );
    expect(scores.map((each) => each!.ious)).toEqual([
      [0.8, 5 / 7, null],
      [1, 1, 1],
      [0.8, 5 / 7, null],
    ]);
  });

  it('returns the newest or the best, for each network and subset', async () => {
    const good = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    await record(run, { step: 100 });
    await record(run, { step: 200, confusion: good });
    await record(run, { step: 300, confusion: good });
    await record(run, { step: 400, confusion: new Array(9).fill(0) });
    await record(run, { step: 500, network: Predictor.BRANCH2 });
    await record(run, { step: 600, subset: Subset.TEST });
    expect((await pick(run))!.step).toBe(400);
    expect((await pick(run, { pick: Pick.BEST }))!.step).toBe(200);
    expect((await pick(run, { network: Predictor.BRANCH2 }))!.step).toBe(500);
    expect((await pick(run, { subset: Subset.TEST }))!.step).toBe(600);
    expect(await pick(run, { network: Predictor.ENSEMBLE })).toBeNull();
    expect(
      (await service.evaluations(context(), run.id, { network: Predictor.BRANCH1, fromStep: 200, toStep: 400 })).map(
        ({ step }) => step,
      ),
    ).toEqual([200, 300, 400]);
  });

  it('loads the picks of many runs in one query', async () => {
    const other = await insertRun(dataSource, dataset);
    await record(run);
    await record(other, { step: 7 });
    const shared = context();
    const args = { pick: Pick.NEWEST, network: Predictor.BRANCH1 };
    const found = await Promise.all([other.id, run.id].map((id) => service.evaluation(shared, id, args)));
    expect(found.map((evaluation) => evaluation!.step)).toEqual([7, 100]);
  });

  it.each([
    [Pick.NEWEST, Pick.BEST],
    [Pick.BEST, Pick.NEWEST],
  ])('refuses a step with BEST, also if the same operation asks for the step with %s first', async (...picks) => {
    await record(run);
    const shared = context();
    const asked = picks.map((pick) =>
      service.evaluation(shared, run.id, { pick, step: 100, network: Predictor.BRANCH1 }).then(
        (found) => found!.step,
        (error: Error) => error.message,
      ),
    );
    const refused = 'step: give either a step or "pick: BEST"; got 100 and BEST';
    expect(await Promise.all(asked)).toEqual(picks.map((pick) => (pick === Pick.BEST ? refused : 100)));
  });

  it.each([
    ['of the wrong size', [1, 2, 3, 4], "4 entries, but the dataset's 3 classes need 3 x 3 = 9"],
    [
      'with a negative entry',
      [1, 0, 0, -1, 0, 0, 0, 0, 0],
      'confusion[3] (truth 1, prediction 0) must be a whole number of at least 0; got -1',
    ],
    [
      'with half a pixel',
      [1, 0, 0, 0, 0.5, 0, 0, 0, 0],
      'confusion[4] (truth 1, prediction 1) must be a whole number of at least 0; got 0.5',
    ],
  ])('rejects a confusion matrix %s', async (_, confusion, message) => {
    const refused = recordAll(run, [{ step: 50 }, { confusion }, { step: 150 }]);
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow('the evaluation of BRANCH1 on VAL at step 100 is not valid: ');
    await expect(refused).rejects.toThrow(message);
    expect(await service.evaluations(context(), run.id, {})).toEqual([]);
  });

  it('deletes evaluations with their run', async () => {
    await record(run);
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM evaluations UNION ALL SELECT FROM class_ious')).toEqual([]);
  });
});
