import { beforeEach, describe, expect, it } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Budget } from '../graphql/budget.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { queriesOf } from '../testing/queries.js';
import { confusionOf, insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsService } from './evaluations.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const service = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });

/** An evaluation in which `right` of 10 pixels of each class are predicted correctly; null: it has no pixels, and no mIoU. */
interface Given {
  step: number;
  right: number | null;
  network?: Predictor;
  subset?: Subset;
}

const NOTHING = new Array<number>(9).fill(0);

/** Stores evaluations as one report. */
const record = (run: Run, ...given: Given[]) =>
  inTransaction(dataSource, (transaction) =>
    service.record(
      transaction,
      run,
      1,
      given.map(({ step, right, network = Predictor.BRANCH1, subset = Subset.VAL }) => ({
        ...{ step, network, subset },
        confusion: right === null ? NOTHING : confusionOf(right, 1),
      })),
    ),
  );

const stored = () =>
  dataSource.query<Record<string, unknown>[]>('SELECT * FROM run_scores ORDER BY run_id, subset, network');

const scoresOfClasses = (pick: string) => `${pick}.pixel_accuracy AS ${pick}_pixel_accuracy,
  ${['iou', 'precision', 'recall'].map(
    (name) =>
      `(SELECT array_agg(${name} ORDER BY class_index) FROM class_ious WHERE evaluation_id = ${pick}.id) AS ${pick}_${name}s`,
  )}`;

/** What must be stored, from all evaluations. */
const expected = () =>
  dataSource.query(
    `SELECT run_id, subset, network, newest.step AS newest_step, newest.mean_iou AS newest_mean_iou, best.step AS best_step,
       best.mean_iou AS best_mean_iou, ${scoresOfClasses('newest')}, ${scoresOfClasses('best')}
     FROM (SELECT DISTINCT ON (run_id, subset, network) * FROM evaluations
         ORDER BY run_id, subset, network, step DESC) AS newest
     JOIN (SELECT DISTINCT ON (run_id, subset, network) * FROM evaluations
         ORDER BY run_id, subset, network, mean_iou DESC NULLS LAST, step) AS best USING (run_id, subset, network)
     ORDER BY run_id, subset, network`,
  );

describe('the scores of a run', () => {
  let run: Run;

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    run = await insertRun(dataSource, await insertDataset(dataSource));
  });

  const newestAndBest = async () => (await stored()).map((row) => [row.newest_step, row.best_step]);

  it('name the newest and the best evaluation, earliest on ties', async () => {
    await record(run, { step: 100, right: null });
    expect(await newestAndBest()).toEqual([[100, 100]]);
    await record(run, { step: 200, right: 8 }, { step: 300, right: 8 });
    expect(await newestAndBest()).toEqual([[300, 200]]);
    // Stored later, but earlier in the run.
    await record(run, { step: 50, right: 8 });
    expect(await newestAndBest()).toEqual([[300, 50]]);
    await record(run, { step: 400, right: null });
    expect(await newestAndBest()).toEqual([[400, 50]]);
    expect(await stored()).toEqual(await expected());
  });

  it('are right when a resumed run evaluates again and no longer is as good', async () => {
    await record(run, { step: 100, right: 5 }, { step: 200, right: 9 }, { step: 300, right: 7 });
    expect(await newestAndBest()).toEqual([[300, 200]]);
    await record(run, { step: 200, right: 6 });
    expect(await newestAndBest()).toEqual([[300, 300]]);
    await record(run, { step: 300, right: 4 }, { step: 400, right: 2 });
    expect(await newestAndBest()).toEqual([[400, 200]]);
    expect(await stored()).toEqual(await expected());
  });

  it('are separate for each run, network and subset', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    const places = [Predictor.BRANCH1, Predictor.BRANCH2, Predictor.ENSEMBLE].flatMap((network) =>
      [Subset.VAL, Subset.TEST].map((subset) => ({ network, subset })),
    );
    // The same in every test run, in no particular order, with repetitions.
    for (let i = 0; i < 40; i++) {
      const of = (index: number) => ({ step: (index * 37) % 11, right: index % 6 === 5 ? null : (index * 7) % 10 });
      const given = [i, i + 13, i + 29].map((index) => ({ ...places[(index * 5) % places.length]!, ...of(index) }));
      await record(i % 3 === 0 ? other : run, ...given);
      expect(await stored()).toEqual(await expected());
    }
    expect(await stored()).toHaveLength(2 * places.length);
    await dataSource.query('DELETE FROM runs WHERE id = $1', [other.id]);
    expect(await stored()).toEqual(await expected());
  });

  it('find the evaluations of many runs in one query, without their confusion matrices', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    await record(run, { step: 100, right: 9 }, { step: 200, right: 5 });
    await record(other, { step: 7, right: 5, subset: Subset.TEST }, { step: 5, right: 5 });
    const context = { loaders: new Loaders(true), budget: new Budget() } as Context;
    let steps: (number | undefined)[] = [];
    const queries = await queriesOf(async () => {
      const args = { pick: Pick.BEST, network: Predictor.BRANCH1 };
      const found = await Promise.all([run, other].map(({ id }) => service.evaluation(context, id, args)));
      steps = found.map((evaluation) => evaluation?.step);
    });
    expect(steps).toEqual([100, 5]);
    expect(queries).toHaveLength(1);
    expect(queries[0]).not.toContain('confusion');
  });
});
