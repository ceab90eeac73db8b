import { expect, it } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { confusionOf, insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { ComparisonsRepository } from './comparisons.repository.js';
import { ComparisonsService } from './comparisons.service.js';
import { Pick, Predictor, Subset } from './evaluation.entity.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsService } from './evaluations.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
const service = new ComparisonsService({ repository: new ComparisonsRepository(dataSource), evaluations });

it('compares runs in the given order', async () => {
  const dataset = await insertDataset(dataSource);
  const [first, second] = [await insertRun(dataSource, dataset), await insertRun(dataSource, dataset)];
  await inTransaction(dataSource, (transaction) =>
    evaluations.record(transaction, second, 1, [
      { step: 100, network: Predictor.BRANCH1, subset: Subset.VAL, confusion: confusionOf(5, 1) },
    ]),
  );
  const args = { pick: Pick.NEWEST, network: Predictor.BRANCH1 };
  const context = { loaders: new Loaders(true) } as Context;
  const lines = await service.compareClassIous(context, { runIds: [second.id, first.id, second.id], ...args });
  expect(lines.map(({ run, evaluation }) => [run.id, evaluation?.step])).toEqual([
    [second.id, 100],
    [first.id, undefined],
    [second.id, 100],
  ]);
  const missing = crypto.randomUUID();
  const refused = service.compareClassIous(context, { runIds: [first.id, missing], ...args });
  await expect(refused).rejects.toThrow(`there is no run "${missing}"`);
  await expect(service.compareClassIous(context, { runIds: ['nonsense'], ...args })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(service.compareClassIous(context, { runIds: [], ...args })).rejects.toThrow(
    'runIds: must have 1 to 50 entries; got 0',
  );
});
